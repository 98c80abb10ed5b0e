import { createCopyButton } from "./copy-button.js";
import { find } from "./find.js";
import { createCard, relativeTime } from "./message-card.js";

/** @typedef {import("./message-card.js").Message} Message */
/** @typedef {import("./challenge.js").Request} Request */

const CAPACITY = 500;

/**
 * What SNS has taken, newest first, live.
 * @param {string} serviceUrl
 * @param {(code: string) => void} onUse
 */
export function createInbox(serviceUrl, onUse) {
  const list = find("#messages", HTMLElement);
  const filter = find("#filter", HTMLInputElement);
  /** @type {Message[]} */
  let messages = [];
  /** @type {Request | null} */
  let waiting = null;

  const isShown = (/** @type {Message} */ { to }) => digits(to).endsWith(digits(filter.value));
  const draw = () => {
    showEmptiness(list.children.length, messages.length);
    const offered = messages.find((message) => waiting !== null && isFor(message, waiting));
    for (const card of list.querySelectorAll("li.card")) {
      const use = card.querySelector(".use");
      if (use instanceof HTMLElement)
        use.hidden = !(card instanceof HTMLElement && card.dataset.id === offered?.id);
    }
  };
  const render = () => {
    list.replaceChildren(...messages.filter(isShown).map((message) => createCard(message, onUse)));
    draw();
  };
  const receive = (/** @type {Message} */ message) => {
    if (messages.some(({ id }) => id === message.id)) return;
    messages = [message, ...messages].slice(0, CAPACITY);
    if (isShown(message)) {
      const card = createCard(message, onUse);
      card.classList.add("new");
      list.prepend(card);
      while (list.children.length > CAPACITY) list.lastElementChild?.remove();
      announce(message);
    }
    draw();
  };

  filter.addEventListener("input", render);
  showCommand(serviceUrl);
  listen({
    receive,
    replace(all) {
      messages = all;
      render();
    },
  });
  setInterval(() => {
    for (const time of list.querySelectorAll("time")) time.textContent = relativeTime(time.dateTime);
  }, 1000);
  return {
    /** @param {Request | null} next whose code the phone waits for */
    offerCodesTo(next) {
      waiting = next;
      draw();
    },
  };
}

/**
 * What came while the stream was down is in the list, which is read again each time that it is up. What comes while it is
 * being read may not be.
 * @param {{ receive: (message: Message) => void, replace: (messages: Message[]) => void }} on
 */
function listen({ receive, replace }) {
  const state = find("#state", HTMLElement);
  const setState = (/** @type {string} */ name, /** @type {string} */ text) => {
    state.dataset.state = name;
    state.textContent = text;
  };
  /** @type {Message[] | null} */
  let early = null;
  const load = async () => {
    early = [];
    /** @type {Message[]} */
    const listed = await (await fetch("/messages")).json();
    replace([...(early ?? []).filter(({ id }) => !listed.some((message) => message.id === id)), ...listed]);
    early = null;
  };
  const events = new EventSource("/events");
  events.addEventListener("open", () => {
    setState("connected", "Live");
    load().catch(() => setState("lost", "The inbox does not answer"));
  });
  events.addEventListener("error", () => setState("lost", "Not connected, trying again …"));
  events.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    early?.unshift(message);
    receive(message);
  });
}

/** @param {Message} message */
function announce({ to, code }) {
  const spoken = code === null ? "" : `Code ${Array.from(code).join(" ")}.`;
  find("#announcer", HTMLElement).textContent = `New message to ${to}. ${spoken}`;
}

/** @param {number} shown @param {number} all */
function showEmptiness(shown, all) {
  const isFiltered = all > 0;
  find("#empty", HTMLElement).hidden = shown > 0;
  find("#empty-title", HTMLElement).textContent = isFiltered
    ? "No messages to this number"
    : "No messages yet";
  find("#empty-text", HTMLElement).textContent = isFiltered
    ? `None of the ${all} in the inbox ends in these digits.`
    : "Every SMS that the service sends lands here, and nowhere else. Ask for a code on the phone, or from a shell:";
  find("#empty-command", HTMLElement).hidden = isFiltered;
}

/** @param {string} serviceUrl */
function showCommand(serviceUrl) {
  const command = `curl ${serviceUrl}/api/v1/auth/send-otp \\
  -H 'content-type: application/json' \\
  -d '{"phone":"9876543210"}'`;
  find("#curl", HTMLElement).textContent = command;
  createCopyButton(find("#copy-curl", HTMLButtonElement), command);
}

/**
 * @param {Message} message
 * @param {Request} waiting
 */
const isFor = ({ to, role, code }, waiting) =>
  code !== null && to === waiting.phone && (role === null || role === waiting.role);

/** @param {string} text */
const digits = (text) => text.replaceAll(/\D/g, "");
