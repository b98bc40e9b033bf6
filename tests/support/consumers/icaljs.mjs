// Reads calendar files with ical.js, which Thunderbird and Nextcloud read with.
// Usage: icaljs.mjs LIBRARY FILE… ; prints {file: {"errors", "method", "name", "events"}} as JSON.
import { readFileSync } from "node:fs";

const [library, ...files] = process.argv.slice(2);
const { default: ICAL } = await import(library);

function values(component, name) {
  return component.getAllProperties(name).flatMap((one) => one.getValues());
}

function value(component, name) {
  const found = component.getFirstPropertyValue(name);
  return found === null ? null : found;
}

function instant(time) {
  return time === null ? null : time.toJSDate().toISOString().replace(".000Z", "Z");
}

// As it was written, with its Z.
function stamp(time) {
  return time === null ? null : time.toICALString();
}

function alarm(component) {
  return [value(component, "action"), value(component, "trigger").toSeconds()];
}

function event(component) {
  const start = component.getFirstProperty("dtstart");
  return {
    uid: value(component, "uid"),
    start: instant(value(component, "dtstart")),
    end: instant(value(component, "dtend")),
    zone: start.getParameter("tzid") ?? null,
    stamp: stamp(value(component, "dtstamp")),
    changed: stamp(value(component, "last-modified")),
    status: value(component, "status"),
    summary: value(component, "summary"),
    description: value(component, "description"),
    location: value(component, "location"),
    url: value(component, "url"),
    sequence: value(component, "sequence") ?? 0,
    transparency: value(component, "transp"),
    privacy: value(component, "class"),
    categories: values(component, "categories"),
    organizer: values(component, "organizer"),
    attendees: values(component, "attendee"),
    alarms: component.getAllSubcomponents("valarm").map(alarm),
  };
}

function read(path) {
  try {
    // As a program does that fetched it: the bytes are UTF-8, and a byte order mark is a character.
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readFileSync(path));
    const calendar = new ICAL.Component(ICAL.parse(text));
    return {
      errors: calendar.name === "vcalendar" ? [] : ["no calendar"],
      method: value(calendar, "method"),
      name: null,
      events: calendar.getAllSubcomponents("vevent").map(event),
    };
  } catch (error) {
    return { errors: [String(error)], method: null, name: null, events: [] };
  }
}

process.stdout.write(JSON.stringify(Object.fromEntries(files.map((path) => [path, read(path)]))));
