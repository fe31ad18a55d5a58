/* Passkeys: asks the browser for one and puts its answer into the form. Forms: data-passkey="login|get|create". */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function toBytes(text) {
    var binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, function (character) { return character.charCodeAt(0); });
  }

  function toText(buffer) {
    var binary = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function decoded(options) {
    var key = options.publicKey;
    key.challenge = toBytes(key.challenge);
    if (key.user) key.user.id = toBytes(key.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (name) {
      (key[name] || []).forEach(function (entry) { entry.id = toBytes(entry.id); });
    });
    return options;
  }

  function encoded(credential) {
    var answer = credential.response;
    var response = { clientDataJSON: toText(answer.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (answer[name]) response[name] = toText(answer[name]);
    });
    if (answer.getTransports) response.transports = answer.getTransports();
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response
    };
  }

  function options(form) {
    if (form.dataset.options) return Promise.resolve(JSON.parse(form.dataset.options));
    return fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.json();
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    var problem = form.querySelector("[data-passkey-problem]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) return;
      event.preventDefault();
      problem.hidden = true;
      options(form)
        .then(decoded)
        .then(function (ready) {
          return form.dataset.passkey === "create"
            ? navigator.credentials.create(ready)
            : navigator.credentials.get(ready);
        })
        .then(function (credential) {
          form.elements.credential.value = JSON.stringify(encoded(credential));
          form.submit();
        })
        .catch(function () {
          problem.textContent = problem.dataset.passkeyProblem;
          problem.hidden = false;
        });
    });
  });
})();
