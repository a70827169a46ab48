// Conveniences only: every page works without this file.
(function () {
  "use strict";

  function isTyping(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  }

  // "/" goes to the search box, unless somebody is typing or has switched single keys off
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.documentElement.dataset.keys === "off") return;
    event.preventDefault();
    document.getElementById("q").focus();
  });

  // what went wrong on the server is said, never swallowed
  document.addEventListener("htmx:responseError", function (event) {
    var holder = document.createElement("div");
    holder.className = "toast";
    holder.textContent = "That did not work (" + event.detail.xhr.status + "). Reload the page and try again.";
    document.getElementById("toasts").replaceChildren(holder);
  });
  document.addEventListener("htmx:sendError", function () {
    var holder = document.createElement("div");
    holder.className = "toast";
    holder.textContent = "The planner cannot be reached. What you typed is still here.";
    document.getElementById("toasts").replaceChildren(holder);
  });

  // the reading of a sentence is shown while it is typed, so Enter may record it at once
  document.querySelectorAll("form.quick").forEach(function (form) {
    var field = document.createElement("input");
    field.type = "hidden";
    field.name = "live";
    field.value = "yes";
    form.append(field);
  });

  // a double click sends a form once
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(function () { delete form.dataset.sent; }, 3000);
  });

  // move to the errors of a form that came back
  var errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
