// The little script of every page. Each part only adds comfort: without it every page works.

const LONGEST_WAIT = 8000; // ms; then the button can be pressed again

// A press on a button that takes its time counts once. The server would notice a second one as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button) {
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  }
  if (form.dataset.draft) forget(form);
  setTimeout(() => {
    delete form.dataset.sent;
    if (button) button.removeAttribute("aria-disabled");
  }, LONGEST_WAIT);
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
});

// Drafts stay on this device only. Nothing that looks like a NIK or a KK number (16 digits) is kept.
const secret = (field) =>
  /password|file|hidden/.test(field.type) || field.dataset.draft === "never" || /\d{16}/.test(field.value.replace(/\D/g, ""));
const place = (form) => "draft:" + form.dataset.draft;
const forget = (form) => store(() => localStorage.removeItem(place(form)));
function store(act) {
  try {
    return act();
  } catch {
    return null; // storage is switched off or full: typing goes on without drafts
  }
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const kept = JSON.parse(store(() => localStorage.getItem(place(form))) || "{}");
  if (!document.querySelector(".govuk-error-summary")) {
    for (const [name, value] of Object.entries(kept)) {
      const field = form.elements[name];
      if (!field || (field.type && secret(field)) || field.value) continue;
      if (field.type === "checkbox") field.checked = value === "on";
      else field.value = value;
    }
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken" || secret(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) values[field.name] = field.value;
      } else if (field.value) values[field.name] = field.value;
    }
    store(() => localStorage.setItem(place(form), JSON.stringify(values)));
  });
}

// Copy and share: shown only where the device can do it.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.querySelector("span") || button;
    word.textContent = button.dataset.copied;
    word.setAttribute("role", "status");
  });
}
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  for (const other of document.querySelectorAll("[data-unless-share]")) other.hidden = true;
  button.addEventListener("click", () =>
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}),
  );
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// After an error the summary is read first.
const summary = document.querySelector(".govuk-error-summary");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}
