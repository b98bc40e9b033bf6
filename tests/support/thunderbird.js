// What tests/support/thunderbird.py asks of a running Thunderbird. It is read inside the program itself,
// and does what its dialogues and buttons do: `thunderbird` is all that is called from outside.

const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");

const PATIENCE_MILLISECONDS = 20_000;
const { ITEM_FILTER_ALL_ITEMS } = Ci.calICalendar;
const { DUPLICATE_ID } = Ci.calIErrors;
const mailWindow = () => Services.wm.getMostRecentWindow("mail:3pane");
const pause = milliseconds => new Promise(resolve => mailWindow().setTimeout(resolve, milliseconds));

async function until(what, found) {
  const end = Date.now() + PATIENCE_MILLISECONDS;
  while (Date.now() < end) {
    const answer = await found();
    if (answer) {
      return answer;
    }
    await pause(20);
  }
  throw new Error(`Thunderbird waited in vain: ${what}`);
}

// What was asked of a server over HTTP, and what it said: no address but its path, and no body.
const answers = [];
Services.obs.addObserver(subject => {
  const channel = subject.QueryInterface(Ci.nsIHttpChannel);
  let condition = null;
  try {
    condition = channel.getRequestHeader("If-None-Match");
  } catch (none) {}
  const { requestMethod: method, responseStatus: status, URI } = channel;
  answers.push({ method, path: URI.filePath, condition, status });
}, "http-on-examine-response");

const NOTED = ["onStartBatch", "onEndBatch", "onLoad", "onAddItem", "onModifyItem", "onDeleteItem", "onError",
  "onPropertyChanged", "onPropertyDeleting"];
const observerOf = heard => ({
  QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
  ...Object.fromEntries(NOTED.map(name => [name, () => {}])),
  ...heard,
});

// Begin something, and wait until the calendar has been read anew.
async function loaded(id, begin) {
  const over = Promise.withResolvers();
  const observer = observerOf({
    onLoad: calendar => calendar.id === id && over.resolve(),
    onError: (calendar, code, message) => over.reject(new Error(`${code}: ${message}`)),
  });
  const late = pause(PATIENCE_MILLISECONDS).then(() => { throw new Error("not loaded"); });
  cal.manager.addCalendarObserver(observer);
  try {
    begin();
    await Promise.race([over.promise, late]);
  } finally {
    cal.manager.removeCalendarObserver(observer);
  }
}

function written(item) {
  return {
    uid: item.id,
    title: item.title,
    status: item.status,
    starts: item.startDate.nativeTime / 1_000_000,
    ends: item.endDate.nativeTime / 1_000_000,
    zone: item.startDate.timezone.tzid,
    here: item.startDate.getInTimezone(cal.dtz.defaultTimezone).icalString,
    place: item.getProperty("LOCATION"),
    alarms: item.getAlarms().length,
  };
}

const itemsOf = calendar => calendar.getItemsAsArray(ITEM_FILTER_ALL_ITEMS, 0, null, null);
const aboutMessage = () => mailWindow().document.getElementById("tabmail").currentAboutMessage;
const inboxOf = account => account.incomingServer.rootFolder.getChildNamed("Inbox");
const buttonsOf = about => about.document.querySelectorAll("#imip-view-toolbar > toolbarbutton");

globalThis.thunderbird = {
  // New calendar > On the network: what is behind an address, with the box for offline use ticked as it is.
  async subscribe(address) {
    const found = await cal.provider.detection.detect("", "", address, false, [], {});
    const [[calendar]] = [...found.values()];
    calendar.setProperty("cache.enabled", true);
    await loaded(calendar.id, () => cal.manager.registerCalendar(calendar));
    return calendar.id;
  },

  // Synchronize.
  async refresh(id) {
    await loaded(id, () => cal.manager.getCalendarById(id).refresh());
  },

  async shown(id) {
    const calendar = cal.manager.getCalendarById(id);
    if (calendar.getProperty("disabled")) {
      throw new Error("Thunderbird has switched the calendar off");
    }
    return (await itemsOf(calendar)).map(written);
  },

  async answers() {
    return answers.splice(0);
  },

  // A person: a mail account (nothing is fetched for it), and a calendar of their own for invitations.
  async settle(address) {
    const account = MailServices.accounts.createAccount();
    account.incomingServer = MailServices.accounts.createIncomingServer("post", "mail.invalid", "pop3");
    const identity = MailServices.accounts.createIdentity();
    identity.email = address;
    account.addIdentity(identity);
    const own = cal.manager.createCalendar("storage", Services.io.newURI("moz-storage-calendar://"));
    own.name = address;
    own.setProperty("imip.identity.key", identity.key);
    cal.manager.registerCalendar(own);
    // Thunderbird takes even a subscribed calendar for one to write into, and would ask which it should be.
    for (const other of cal.manager.getCalendars().filter(one => one.id !== own.id)) {
      cal.manager.unregisterCalendar(other);
    }
    return own.id;
  },

  // Put a mail into the inbox and open it; what the bar above it says, and which buttons it has.
  async open(mail) {
    const inbox = inboxOf(MailServices.accounts.accounts[0]).QueryInterface(Ci.nsIMsgLocalMailFolder);
    const header = inbox.addMessage(mail);
    mailWindow().OpenMessageInNewTab(header, { background: false });
    const about = await until("for the mail and its invitation", () => {
      const one = aboutMessage();
      const read = one?.document.getElementById("messagepane")?.contentDocument?.readyState === "complete";
      return read && one.gMessage?.messageKey === header.messageKey && one.calImipBar?.itipItem && one;
    });
    return {
      says: about.document.querySelector(".calendar-notification-bar .msgNotificationBarText").textContent,
      buttons: [...buttonsOf(about)].filter(one => !one.hidden).map(one => one.id),
      text: about.document.getElementById("messagepane").contentDocument.body.innerText,
    };
  },

  // Press a button of that bar, and wait until what it does is done: then it has no more buttons for it.
  async press(button) {
    const about = aboutMessage();
    const [before] = about.calImipBar.itipItem.getItemList();
    const done = Promise.withResolvers();
    const observer = observerOf({
      onAddItem: item => item.id === before.id && done.resolve(),
      onModifyItem: item => item.id === before.id && done.resolve(),
      onDeleteItem: item => item.id === before.id && done.resolve(),
    });
    const late = pause(PATIENCE_MILLISECONDS).then(() => { throw new Error(`${button} did nothing`); });
    cal.manager.addCalendarObserver(observer);
    try {
      about.document.getElementById(button).doCommand();
      await Promise.race([done.promise, late]);
    } finally {
      cal.manager.removeCalendarObserver(observer);
    }
  },

  // Open a file from the disk in the calendar: how many entries were new, how many were there already.
  async take(id, path) {
    const file = await IOUtils.getFile(path);
    const [calendar, counted] = [cal.manager.getCalendarById(id), { added: 0, known: 0 }];
    const refused = (item, error) => {
      // The calendars of a profile say it in this way, and Thunderbird shows it as an error.
      if (error !== DUPLICATE_ID && error.result !== DUPLICATE_ID) {
        throw error;
      }
      counted.known++;
    };
    const listener = { onDuplicate: refused, onError: refused };
    const items = mailWindow().getItemsFromIcsFile(file);
    await mailWindow().putItemsIntoCal(calendar, items, listener);
    return { ...counted, added: items.length - counted.known };
  },
};
