// The palette: Ctrl K or Cmd K opens it, the arrows choose, Enter goes. The search box does the same without it.
(function () {
  "use strict";

  var dialog = document.getElementById("palette");
  var field = document.getElementById("palette-q");
  var chosen = -1;
  if (!dialog) return; // who has not signed in has nothing to find

  function options() {
    return Array.prototype.slice.call(dialog.querySelectorAll("[role=option]"));
  }

  function choose(number) {
    var all = options();
    chooseNothing();
    if (!all.length) return;
    chosen = (number + all.length) % all.length;
    all[chosen].setAttribute("aria-selected", "true");
    all[chosen].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[chosen].id);
  }

  // a choice was made for the text that was there: another text has none yet
  function chooseNothing() {
    chosen = -1;
    options().forEach(function (option) { option.setAttribute("aria-selected", "false"); });
    field.removeAttribute("aria-activedescendant");
  }

  function open() {
    dialog.showModal();
    chooseNothing();
    field.select();
    field.dispatchEvent(new Event("palette"));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else open();
  });

  field.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) options()[chosen].click();
    else return;
    event.preventDefault();
  });

  field.addEventListener("input", chooseNothing);

  // a new list: nothing of it is chosen, and its length is said
  dialog.addEventListener("htmx:afterSwap", function () {
    var number = options().length;
    chooseNothing();
    field.setAttribute("aria-expanded", String(number > 0));
    document.getElementById("palette-count").textContent = number === 1 ? "1 choice" : number + " choices";
  });

  // a page that is shown already is gone to by closing; a click beside the palette leaves it
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog || event.target.closest("[role=option]")) dialog.close();
  });
})();
