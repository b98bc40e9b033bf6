/* The one script. Every page works without it; it only makes five things kinder: the error summary takes the focus,
   a second click sends nothing twice, a page can be printed, an address is copied at a press, Esc Esc leaves. */
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  var summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  /* A sent form stays shut for ten seconds. After that, or when the page comes back from the history, it may be sent
     again: the form's idempotency key keeps that from making a second booking. */
  function shut(form, submitter) {
    form.setAttribute("data-sent", "");
    Array.prototype.forEach.call(form.querySelectorAll("button[type=submit]"), function (button) {
      if (button.disabled) return;
      button.disabled = true;
      button.setAttribute("data-shut", "");
      if (button === submitter && button.hasAttribute("data-busy")) {
        button.setAttribute("data-words", button.textContent);
        button.textContent = button.getAttribute("data-busy");
      }
    });
  }

  function open(form) {
    form.removeAttribute("data-sent");
    Array.prototype.forEach.call(form.querySelectorAll("[data-shut]"), function (button) {
      button.disabled = false;
      button.removeAttribute("data-shut");
      if (button.hasAttribute("data-words")) button.textContent = button.getAttribute("data-words");
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    /* Later than the event: a button that is disabled now would not send its own name and value. */
    setTimeout(shut, 0, form, event.submitter);
    setTimeout(open, 10000, form);
  });

  window.addEventListener("pageshow", function () {
    each("form[data-sent]", open);
  });

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  /* data-copy names the field whose text is copied. Browsers give the clipboard to https pages only: on others the
     text is chosen and copied the old way, and where that fails too it stays chosen, to be copied by hand. */
  each("[data-copy]", function (button) {
    var field = document.getElementById(button.getAttribute("data-copy"));
    var told = button.nextElementSibling;
    function chosen() {
      field.focus();
      field.select();
      return document.execCommand("copy");
    }
    function tell(done) {
      told.textContent = done ? "コピーしました" : "選びました。コピーしてください";
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      if (!navigator.clipboard) { tell(chosen()); return; }
      navigator.clipboard.writeText(field.value).then(
        function () { tell(true); },
        function () { tell(chosen()); }
      );
    });
  });

  /* replace() keeps this page out of the Back button; the body goes first, since the other page may be slow. */
  var exit = document.querySelector("[data-exit]");
  if (!exit) return;

  function leave() {
    document.body.hidden = true;
    document.title = "";
    window.location.replace(exit.href);
  }

  exit.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  });

  exit.title = "Escキーを続けて2回押しても閉じます";

  /* Esc also ends a conversion in a Japanese input method and closes a list: those presses don't count. */
  var last = -Infinity;
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229 || event.repeat) {
      if (event.key !== "Escape") last = -Infinity;
      return;
    }
    if (event.target.tagName === "SELECT") return;
    if (event.timeStamp - last < 700) leave();
    last = event.timeStamp;
  });
})();
