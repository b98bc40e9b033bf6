/* Era and weekday beside typed dates, and keys for the phone page. Without it the page works the same with Tab, the space bar and Enter.

   Enter in a field goes on to the next one, and from the last field to the slots; Enter on a slot has it checked.
   On the call list Alt+1 … Alt+3 press an outcome in the row that has the focus; anywhere else they do nothing.
   Alt+R, N, J and M turn the answers of how to reach the caller on; Alt+1 … Alt+9 choose a slot, F2 looks up who calls, Ctrl+Enter keeps the booking.
   Enter that ends a conversion of the input method is never taken for one of these. */
(function () {
  "use strict";

  /* Era and weekday stand beside a date that is being typed. The date is counted in UTC: a calendar day has no zone. */
  Array.prototype.forEach.call(document.querySelectorAll("input[data-era]"), function (field) {
    var words = document.createElement("span");
    words.className = "era";
    words.setAttribute("aria-live", "polite");
    field.parentNode.insertBefore(words, field.nextSibling);

    function show() {
      var day = /^(20\d\d)-(\d\d)-(\d\d)$/.exec(field.value);
      var at = day ? new Date(Date.UTC(+day[1], day[2] - 1, +day[3])) : null;
      words.textContent = at ? "令和" + (day[1] - 2018) + "年" + +day[2] + "月" + +day[3] + "日（" + "日月火水木金土".charAt(at.getUTCDay()) + "）" : "";
    }
    field.addEventListener("input", show);
    show();
  });

  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    var row = at && at.closest ? at.closest("[data-call-row]") : null;
    if (!row || event.isComposing || event.repeat || !event.altKey || !/^[1-3]$/.test(event.key)) return;
    var button = row.querySelector('[data-outcome-key="' + event.key + '"]');
    if (button && !button.disabled) {
      event.preventDefault();
      button.click();
    }
  });

  var form = document.querySelector("form[data-call]");
  if (!form) return;

  function all(selector) {
    return Array.prototype.slice.call(form.querySelectorAll(selector));
  }
  function one(selector) {
    return form.querySelector(selector);
  }
  function typed(name) {
    var field = form.elements[name];
    return field && field.value ? String(field.value).trim() : "";
  }

  /* The read-back grows while one types; what the server reads back after a check takes its place. */
  var read = one("[data-read]");
  var words = one("[data-read-text]");
  var first = words.textContent;
  var minutes = read.getAttribute("data-minutes");
  var place = read.getAttribute("data-place");

  function part(text, strong) {
    var made = document.createElement(strong ? "b" : "span");
    made.textContent = text;
    return made;
  }

  function readBack() {
    one("input[name=read]").value = "";
    var slot = one("input[name=slot]:checked");
    var name = typed("name");
    var phone = typed("phone");
    if (!slot || !name || !phone) {
      read.classList.add("is-waiting");
      words.textContent = first.indexOf("「") === 0 ? "内容が変わりました。もう一度確かめてください。" : first;
      return;
    }
    var settled = slot.value.indexOf("day:") !== 0;
    read.classList.remove("is-waiting");
    words.textContent = "";
    words.appendChild(part("「" + name + "様、", false));
    words.appendChild(part(slot.getAttribute("data-words"), true));
    words.appendChild(part((settled ? (minutes ? "から" + minutes + "分" : "から") + (place ? "、" + place : "") : "") + "です。お電話番号は " + phone + " です。」", false));
  }

  form.addEventListener("input", readBack);
  form.addEventListener("change", readBack);

  function press(selector) {
    var button = one(selector);
    if (button && !button.disabled) button.click();
  }

  function focusNext(from) {
    var steps = all("[data-step]");
    var at = steps.indexOf(from);
    var next = at >= 0 ? steps[at + 1] : null;
    if (!next) next = one("input[type=radio]:checked") || one("input[type=radio]:not([disabled])") || one("select");
    if (next) {
      next.focus();
      if (next.select && next.type !== "radio") next.select();
    } else press("[data-check]");
  }

  form.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      press("[data-enter]");
    } else if (event.key === "Enter" && event.target.hasAttribute("data-step")) {
      event.preventDefault();
      focusNext(event.target);
    } else if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      event.target.checked = true;
      press("[data-check]");
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (event.key === "F2") {
      event.preventDefault();
      press("[data-look-up]");
    } else if (event.altKey && !event.ctrlKey && /^Key[A-Z]$/.test(event.code)) {
      var asked = one('select[data-turn="' + event.code.charAt(3) + '"]');
      if (asked) {
        event.preventDefault();
        asked.selectedIndex = (asked.selectedIndex + 1) % asked.options.length;
        readBack();
      }
    } else if (event.altKey && /^[1-9]$/.test(event.key)) {
      var slot = one('input[data-key="' + event.key + '"]');
      if (slot && !slot.disabled) {
        event.preventDefault();
        slot.checked = true;
        slot.focus();
        readBack();
      }
    }
  });
})();
