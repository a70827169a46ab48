// What viz-global.js expects of a browser and a bare V8 lacks. Nothing here reaches files or network.
globalThis.location = { href: "", pathname: "" };
globalThis.performance = { now: () => Date.now() };
globalThis.crypto = {
  // Graphviz draws no secrets: a fixed sequence keeps pictures equal from run to run.
  getRandomValues: (bytes) => bytes.map((_, index) => (bytes[index] = (index * 197 + 31) & 255)),
};
globalThis.TextDecoder = class {
  // UTF-8 (RFC 3629); Graphviz writes well-formed output only.
  decode(bytes) {
    let text = "";
    for (let i = 0; i < bytes.length; ) {
      const first = bytes[i++];
      const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      let point = more === 0 ? first : first & (0x3f >> more);
      for (let k = 0; k < more; k++) point = (point << 6) | (bytes[i++] & 0x3f);
      text += String.fromCodePoint(point);
    }
    return text;
  }
};

let viz = null;
let vizFailure = null;
function startViz() {
  Viz.instance().then((started) => (viz = started), (failure) => (vizFailure = failure));
}
function isVizReady() {
  if (vizFailure !== null) throw vizFailure;
  return viz !== null;
}
function drawViz(dot, engine, format) {
  return viz.render(dot, { engine, format });
}
