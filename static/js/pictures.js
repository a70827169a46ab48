// Conveniences over pictures: their size, and what is near the part under the pointer or the keyboard.
(function () {
  "use strict";

  var SMALLEST_TEXT = 11 / 12; // of the size at which the smallest text is 12 pixels

  function ready() {
    document.querySelectorAll("[data-zoom]").forEach(function (buttons) { buttons.hidden = false; });
  }
  ready();
  document.addEventListener("htmx:afterSettle", ready);

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-zoom-by]");
    if (!button) return;
    var holder = button.closest("figure").querySelector(".picture");
    var svg = holder.querySelector("svg");
    var own = svg.dataset.width ? Number(svg.dataset.width) : Number(svg.getAttribute("width"));
    svg.dataset.width = own;
    var now = Number(svg.getAttribute("width")) / own;
    var by = button.dataset.zoomBy;
    var next = by === "1" ? 1 : by === "fit" ? Math.max(holder.clientWidth / own, SMALLEST_TEXT) : now * Number(by);
    next = Math.min(4, Math.max(0.25, next));
    var shape = svg.viewBox.baseVal;
    svg.setAttribute("width", own * next);
    svg.setAttribute("height", own * next * shape.height / shape.width);
  });

  // "map-n3-n7" is the line between the boxes "map-n3" and "map-n7", "map-n3-n7-said" what it says
  var LINE = /^(.*)-(n\d+)-(n\d+)(-said)?$/;

  function pick(event) {
    var node = event.target.closest && event.target.closest(".picture svg .node");
    document.querySelectorAll("svg.picked").forEach(clear);
    if (!node || !node.id) return;
    var svg = node.ownerSVGElement;
    var hasLines = false;
    svg.querySelectorAll(".edge, .label").forEach(function (line) {
      var parts = LINE.exec(line.id);
      if (!parts) return;
      var ends = [parts[1] + "-" + parts[2], parts[1] + "-" + parts[3]];
      if (ends.indexOf(node.id) < 0) return;
      hasLines = true;
      line.classList.add("near");
      ends.forEach(function (end) { svg.getElementById(end).classList.add("near"); });
    });
    if (hasLines) svg.classList.add("picked");
  }

  function clear(svg) {
    svg.classList.remove("picked");
    svg.querySelectorAll(".near").forEach(function (one) { one.classList.remove("near"); });
  }

  document.addEventListener("mouseover", pick);
  document.addEventListener("focusin", pick);
})();
