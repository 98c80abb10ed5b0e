// Texts come from outside: everything reaches the page through textContent, nothing as markup.
const byId = (id) => document.getElementById(id);
const [list, empty, state, search] = ["messages", "empty", "state", "phone"].map(byId);
const { serviceUrl } = document.body.dataset;

let messages = [];

const digits = (text) => text.replace(/\D/g, "");
const isShown = (message) => digits(message.to).endsWith(digits(search.value));

function relativeTime(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString();
}

function tag(text, title, kind) {
  const item = document.createElement("li");
  item.textContent = text;
  item.title = title;
  if (kind) item.dataset.kind = kind;
  return item;
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl-C";
  }
  byId("announcer").textContent = button.textContent;
  setTimeout(() => (button.textContent = "Copy"), 1600);
}

function createCard(message) {
  const card = byId("card").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(`.${name}`);
  part("to").textContent = message.to;
  part("time").dateTime = message.receivedAt;
  part("time").title = new Date(message.receivedAt).toLocaleString(undefined, {
    dateStyle: "full",
    timeStyle: "long",
  });
  part("time").textContent = relativeTime(message.receivedAt);
  part("text").textContent = message.text;
  if (message.code === null) part("code-row").remove();
  else {
    part("code").textContent = message.code;
    part("copy").ariaLabel = `Copy code ${message.code}`;
    part("copy").addEventListener("click", (event) => void copy(event.currentTarget, message.code));
  }
  const { encoding, parts, region } = message;
  const cost = `${parts} ${parts === 1 ? "part" : "parts"}`;
  part("tags").append(
    ...(message.role ? [tag(message.role, "Role that the person signs in to", "role")] : []),
    tag(message.from ? `from ${message.from}` : "no sender id", "Sender id"),
    tag(cost, "Parts that the network bills", parts > 1 ? "dear" : ""),
    tag(
      encoding,
      encoding === "GSM-7" ? "160 characters a part, 153 of several" : "70 characters a part, 67 of several",
    ),
    ...(region ? [tag(region, "SNS region")] : []),
  );
  card.dataset.id = message.id;
  return card;
}

function showEmptiness() {
  const filtered = messages.length > 0;
  empty.hidden = list.children.length > 0;
  byId("empty-title").textContent = filtered ? "No messages to this number" : "No messages yet";
  byId("empty-text").textContent = filtered
    ? `None of the ${messages.length} in the inbox ends in these digits.`
    : "Every SMS that the service sends lands here, and nowhere else. Ask for a code:";
  byId("empty-command").hidden = filtered;
}

function render() {
  list.replaceChildren(...messages.filter(isShown).map(createCard));
  showEmptiness();
}

function receive(message) {
  if (messages.some(({ id }) => id === message.id)) return;
  messages = [message, ...messages].slice(0, 500);
  document.title = `(${messages.length}) SMS inbox · edge-otp`;
  if (isShown(message)) {
    const card = createCard(message);
    card.classList.add("new");
    list.prepend(card);
    while (list.children.length > 500) list.lastElementChild.remove();
    const code = message.code === null ? "" : `Code ${Array.from(message.code).join(" ")}.`;
    byId("announcer").textContent = `New message to ${message.to}. ${code}`;
  }
  showEmptiness();
}

function setState(name, text) {
  state.dataset.state = name;
  state.textContent = text;
}

async function load() {
  const response = await fetch("/messages");
  messages = await response.json();
  render();
}

const curl = `curl ${serviceUrl}/api/v1/auth/send-otp \\
  -H 'content-type: application/json' \\
  -d '{"phone":"9876543210"}'`;
byId("curl").textContent = curl;
byId("copy-curl").addEventListener("click", (event) => void copy(event.currentTarget, curl));
search.addEventListener("input", render);
setInterval(() => {
  for (const time of list.querySelectorAll("time")) time.textContent = relativeTime(time.dateTime);
}, 1000);

// What came while the stream was down is in the list, which is read again each time that it is up.
const events = new EventSource("/events");
events.addEventListener("open", () => {
  setState("connected", "Connected");
  load().catch(() => setState("lost", "The inbox does not answer"));
});
events.addEventListener("error", () => setState("lost", "Not connected, trying again …"));
events.addEventListener("message", (event) => receive(JSON.parse(event.data)));
