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

  // j and k go from row to row, y gives the first answer of the row, ? opens the help
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.documentElement.dataset.keys === "off") return;
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    var at = rows.indexOf(event.target.closest("[data-row]"));
    if (event.key === "j" && rows.length) goTo(rows[Math.min(at + 1, rows.length - 1)]);
    if (event.key === "k" && rows.length) goTo(rows[Math.max(at - 1, 0)]);
    if (event.key === "y" && at >= 0) {
      var first = rows[at].querySelector("[data-first]");
      if (first) first.click();
    }
    if (event.key === "?") location.assign("/help#keys");
  });

  function goTo(row) {
    row.tabIndex = -1;
    row.focus();
  }

  // after an answer the focus stays in the list, at the row that took the place of the answered one
  var answeredAt = -1;
  document.addEventListener("htmx:beforeRequest", function (event) {
    var row = event.target.closest("[data-row]");
    if (row) answeredAt = Array.prototype.indexOf.call(document.querySelectorAll("[data-row]"), row);
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.elt.id === "week-lists" && answeredAt >= 0) {
      var rows = document.querySelectorAll("[data-row]");
      var row = rows[Math.min(answeredAt, rows.length - 1)];
      if (row) goTo(row); else document.getElementById("others").focus();
      answeredAt = -1;
    }
    var answer = event.detail.elt.closest(".answer");
    if (answer) {
      var field = answer.querySelector("[autofocus]") || answer.querySelector("input:not([type=hidden]), textarea, select");
      if (field) field.focus();
    }
  });

  // what went wrong on the server is said, never swallowed
  document.addEventListener("htmx:responseError", function (event) {
    var holder = document.createElement("div");
    holder.className = "toast";
    var seconds = event.detail.xhr.status === 429 && event.detail.xhr.getResponseHeader("Retry-After");
    holder.textContent = seconds
      ? "That was asked for too often. Wait " + seconds + " seconds, then try again."
      : "That did not work (" + event.detail.xhr.status + "). Reload the page and try again.";
    document.getElementById("toasts").replaceChildren(holder);
  });
  document.addEventListener("htmx:sendError", function () {
    var holder = document.createElement("div");
    holder.className = "toast";
    holder.textContent = "The planner cannot be reached. What you typed is still here.";
    document.getElementById("toasts").replaceChildren(holder);
  });

  // whoever is new works by the clock of their browser, until they say otherwise
  document.querySelectorAll("input[data-zone]").forEach(function (field) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });

  // a long list of choices gets a box to narrow it down; what is ticked stays in sight
  document.querySelectorAll(".options").forEach(function (list) {
    var all = Array.prototype.slice.call(list.querySelectorAll(".option"));
    if (all.length <= 20) return;
    var box = document.createElement("input");
    box.type = "search";
    box.placeholder = "Find a name";
    box.setAttribute("aria-label", "Find a name: " + list.parentElement.querySelector("legend").textContent);
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      all.forEach(function (option) {
        var isTicked = option.querySelector("input").checked;
        option.hidden = !isTicked && option.textContent.toLowerCase().indexOf(wanted) < 0;
      });
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter") event.preventDefault();
    });
    list.before(box);
  });

  // where names are typed into fields, an empty one stands ready after the last
  document.addEventListener("input", function (event) {
    var last = event.target.closest(".more:last-child");
    if (!last || !event.target.value.trim()) return;
    var number = last.parentElement.querySelectorAll(".more").length;
    var next = last.cloneNode(true);
    next.innerHTML = next.innerHTML.split("-more-" + number).join("-more-" + (number + 1));
    next.querySelector("label").textContent = next.querySelector("label").textContent.replace(/\d+$/, number + 1);
    next.querySelector("input").value = "";
    next.querySelector("datalist").replaceChildren();
    last.after(next);
    window.htmx.process(next);
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

  // move to the errors of a form that came back, or to its one field that is wrong
  var wrong = document.querySelector("[aria-invalid=true][autofocus]") || document.getElementById("errors");
  if (wrong) wrong.focus();
})();
