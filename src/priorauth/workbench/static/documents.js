// A document's page: what is looked at in the list is shown on the picture, and a rectangle drawn there chooses words.
// Everything can be done without it.
"use strict";
(() => {
  const sheet = document.querySelector("[data-sheet]"), over = sheet?.querySelector("svg");
  const lit = (name) => {
    if (!over) return;
    const own = [...over.querySelectorAll("[data-of]")].filter((one) => one.dataset.of === name);
    if (!own.length) return;
    over.querySelectorAll(".now").forEach((one) => one.classList.remove("now"));
    own.forEach((one) => one.classList.add("now"));
    const sides = sheet.parentElement, at = own[0].getBoundingClientRect(), view = sides.getBoundingClientRect();
    sides.scrollTop += at.top - view.top - sides.clientHeight / 3;
    sides.scrollLeft += Math.min(0, at.left - view.left - 16) + Math.max(0, at.right - view.left - sides.clientWidth + 16);
  };
  const wanted = () => location.hash.slice(1).replace(/^w-/, "") || new URLSearchParams(location.search).get("on");
  document.querySelectorAll("[data-mark]").forEach((one) => one.addEventListener("focusin", () => lit(one.dataset.mark)));
  const picture = sheet?.querySelector("img");
  if (picture) { if (picture.complete) lit(wanted()); else picture.addEventListener("load", () => lit(wanted())); }
  window.addEventListener("hashchange", () => lit(wanted()));

  if (!over || !document.getElementById("tie")) return;
  let first = null, drawn = null;
  const part = (event) => {
    const box = sheet.getBoundingClientRect();
    const within = (value) => Math.min(Math.max(value, 0), 1);
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  const sides = (one, two) => [Math.min(one[0], two[0]), Math.min(one[1], two[1]), Math.max(one[0], two[0]), Math.max(one[1], two[1])];
  sheet.classList.add("draws");
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    event.preventDefault();
    first = part(event);
    drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    drawn.setAttribute("class", "drawn");
    drawn.setAttribute("vector-effect", "non-scaling-stroke");
    over.append(drawn);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!first) return;
    const [left, top, right, bottom] = sides(first, part(event));
    Object.entries({ x: left, y: top, width: right - left, height: bottom - top }).forEach(([name, value]) => drawn.setAttribute(name, value * 1000));
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!first) return;
    const area = sides(first, part(event));
    drawn.remove();
    first = null;
    if (area[2] - area[0] < 0.005 || area[3] - area[1] < 0.003) return;
    const to = new URL(sheet.dataset.sheet, location.href);
    to.searchParams.set("pick", "1");
    to.searchParams.set("area", area.map((one) => one.toFixed(4)).join(","));
    to.hash = "tie";
    location.assign(to);
  });
  sheet.addEventListener("pointercancel", () => { drawn?.remove(); first = null; });
})();
