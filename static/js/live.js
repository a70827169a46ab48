// A session that runs: the clock, the words that somebody is typing, and a line that drops.
// Without this file the page works, and a reload shows how far the session is.
(function () {
  "use strict";

  var drafts = {};
  var open = {};
  var saidAt = {};
  var isAway = false;
  var seen = place();

  // every screen counts from the clock of the server, whatever its own says
  var ahead = 0;
  function readClock() {
    var timer = document.getElementById("timer");
    if (timer) ahead = Number(timer.dataset.now) - Date.now();
  }

  function show() {
    var timer = document.getElementById("timer");
    if (!timer) return;
    var left = Math.floor((Number(timer.dataset.ends) - Date.now() - ahead) / 1000);
    var whole = Math.abs(left);
    var text = (left < 0 ? "−" : "") + Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
    timer.querySelector(".left").textContent = text;
    timer.classList.toggle("over", left < 0);
    say(timer.dataset.ends, 60, left, "One minute left for this item.");
    say(timer.dataset.ends, 0, left, "The time for this item is over.");
  }

  // said once, when the moment passes and not when somebody comes later
  function say(ends, at, left, words) {
    if (left > at || left < at - 2 || saidAt[ends + at]) return;
    saidAt[ends + at] = true;
    document.getElementById("spoken").textContent = words;
  }

  // what is typed and what is folded open stays when the room changes, also if somebody goes back to it
  function remember() {
    document.querySelectorAll("#live [id]").forEach(function (one) {
      if (one.tagName === "DETAILS") open[one.id] = one.open;
      if (!/^(INPUT|TEXTAREA|SELECT)$/.test(one.tagName)) return;
      if (one.type === "checkbox") { if (one.checked !== one.defaultChecked) drafts[one.id] = one.checked; }
      else if (one.tagName === "SELECT" ? one.selectedIndex > 0 : one.value !== one.defaultValue) drafts[one.id] = one.value;
    });
  }

  function restore() {
    Object.keys(open).forEach(function (id) {
      var one = document.getElementById(id);
      if (one) one.open = open[id];
    });
    Object.keys(drafts).forEach(function (id) {
      var one = document.getElementById(id);
      if (!one) return;
      if (one.type === "checkbox") one.checked = drafts[id];
      else one.value = drafts[id];
    });
  }

  document.addEventListener("input", function (event) {
    if (event.target.id) delete drafts[event.target.id];
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var form = event.detail.requestConfig.elt;
    remember();
    if (form.tagName === "FORM" && event.detail.xhr.status < 400) {
      // what was sent is done with
      form.querySelectorAll("[id]").forEach(function (one) { delete drafts[one.id]; });
      var fold = form.closest("details");
      if (fold) delete open[fold.id];
    }
  });
  document.addEventListener("htmx:afterSwap", function () {
    restore();
    readClock();
    show();
    follow();
  });

  // a phone that was scrolled down sees the next item, and a vote that is called; nobody who types is moved
  function place() {
    var now = document.getElementById("now");
    var poll = document.querySelector("[data-poll]");
    return { item: now && now.dataset.item, poll: poll && poll.dataset.poll };
  }
  function follow() {
    var before = seen;
    seen = place();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    if (seen.item !== before.item) window.scrollTo(0, 0);
    else if (seen.poll && seen.poll !== before.poll) document.querySelector("[data-poll]").scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:afterSettle", function () {
    lead();
  });

  // a browser has few connections to a server: a tab that nobody looks at leaves them to the others, and asks
  // at once when it is shown again. A wall goes on, so that it is right already when somebody looks up at it
  var isWall = document.body.classList.contains("wall");
  function isUnseen() {
    return document.hidden && !isWall;
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.id === "live" && isUnseen()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", function () {
    var room = document.getElementById("live");
    if (isUnseen()) htmx.trigger(room, "htmx:abort");
    else if (!document.hidden) htmx.trigger(room, "shown");
  });

  // a line that drops is said once; the next answer brings everything that was missed
  function away(words) {
    if (isAway) return;
    isAway = true;
    document.body.classList.add("away");
    document.getElementById("spoken").textContent = words;
  }
  document.addEventListener("htmx:sendError", function () { away("The line is down. This goes on by itself once it is back."); });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 404) location.reload();
    away("That did not work. This goes on by itself.");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (!event.detail.successful || !isAway) return;
    isAway = false;
    document.body.classList.remove("away");
    document.getElementById("spoken").textContent = "The line is back.";
  });

  // whoever sent something is led to the field that is wrong, else to what is said about it
  function lead() {
    var wrong = document.querySelector("#live [aria-invalid=true]") || document.getElementById("errors");
    if (wrong) wrong.focus();
  }

  readClock();
  show();
  setInterval(show, 250);
  lead();
})();
