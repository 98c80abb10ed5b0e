import { createCopyButton } from "./copy-button.js";
import { find } from "./find.js";

/**
 * @typedef {object} Message as /messages gives it
 * @property {string} id
 * @property {string} to
 * @property {string | null} from
 * @property {string | null} role
 * @property {string} text
 * @property {string | null} code
 * @property {number} parts
 * @property {string} encoding
 * @property {string} receivedAt
 * @property {string} region
 */

/**
 * Texts come from outside: everything reaches the page through textContent, nothing as markup.
 * @param {Message} message
 * @param {(code: string) => void} onUse
 */
export function createCard(message, onUse) {
  const template = find("#card", HTMLTemplateElement).content;
  const card = find("li", HTMLElement, /** @type {DocumentFragment} */ (template.cloneNode(true)));
  const part = (/** @type {string} */ name) => find(`.${name}`, HTMLElement, card);
  const { id, to, from, text, code, receivedAt } = message;
  card.dataset.id = id;
  part("avatar").textContent = (from ?? "#").charAt(0);
  part("from").textContent = from ?? "No sender id";
  part("to").textContent = `To ${to}`;
  part("text").textContent = text;
  part("tags").append(...createTags(message));
  const time = find("time", HTMLTimeElement, card);
  time.dateTime = receivedAt;
  time.title = new Date(receivedAt).toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  time.textContent = relativeTime(receivedAt);
  if (code === null) part("code-row").remove();
  else {
    part("code").textContent = code;
    const copy = find(".copy", HTMLButtonElement, card);
    copy.ariaLabel = `Copy code ${code}`;
    createCopyButton(copy, code);
    part("use").addEventListener("click", () => onUse(code));
  }
  return card;
}

/** @param {string} iso */
export function relativeTime(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString();
}

/** @param {Message} message */
function createTags({ role, parts, encoding, region }) {
  const perPart =
    encoding === "GSM-7" ? "160 characters a part, 153 of several" : "70 characters a part, 67 of several";
  return [
    ...(role ? [createTag(role, "Role that the person signs in to", "role")] : []),
    createTag(
      `${parts} ${parts === 1 ? "part" : "parts"}`,
      "Parts that the network bills",
      parts > 1 ? "dear" : "",
    ),
    createTag(encoding, perPart, ""),
    ...(region ? [createTag(region, "SNS region", "")] : []),
  ];
}

/** @param {string} text @param {string} title @param {string} kind */
function createTag(text, title, kind) {
  const item = document.createElement("li");
  item.textContent = text;
  item.title = title;
  item.dataset.kind = kind;
  return item;
}
