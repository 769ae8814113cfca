// The gap map to zoom and walk through, in place of the drawing; without this file the drawing stays.
const frame = document.querySelector("[data-map]");

function styled(area) {
  const none = ["none", "held"].includes(area.properties.band);
  return {
    className: `app-map__area app-map__area--${area.properties.band}`,
    color: "#0b0c0c",
    weight: 1.5,
    fillOpacity: 1,
    ...(none && { fillColor: "url(#no-data)" }),
  };
}

// Each area is a link: it tells its figures where the pointer or the focus is, and opens its page.
function reachable(area, layer, said, halo) {
  const { number, band, free, stale, words, href } = area.properties;
  const here = free ? `${number}\n${free} free${stale ? "?" : ""}` : String(number);
  const tell = () => { said.textContent = `${number}. ${words}`; };
  const ring = (color, weight) => L.geoJSON(area, { interactive: false, style: { color, weight, fill: false } });
  const open = () => { window.location.assign(href); };
  layer.bindTooltip(here, {
    permanent: true, direction: "center", className: `app-map__number app-map__number--${band}`,
  });
  layer.on({ mouseover: tell, click: open });
  layer.on("add", () => {
    const path = layer.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "link");
    path.setAttribute("aria-label", `${number}. ${words}`);
    path.addEventListener("focus", tell);
    // A ring of its own, because the neighbours' borders would cover half of the area's.
    path.addEventListener("focus", () => { halo.addLayer(ring("#0b0c0c", 9)).addLayer(ring("#fd0", 4)); });
    path.addEventListener("blur", () => halo.clearLayers());
    path.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
  });
}

function draw(areas) {
  const live = document.createElement("div");
  live.className = "app-map__live";
  live.setAttribute("role", "region");
  live.setAttribute("aria-label", "Map to zoom and move: arrow keys move it, plus and minus zoom");
  const said = document.createElement("p");
  said.className = "app-map__said";
  said.setAttribute("aria-live", "polite");
  said.textContent = "Point at an area, or move to it with the Tab key, to read its figures.";
  frame.append(live, said);
  frame.classList.add("app-map__frame--live");
  const map = L.map(live, { zoomSnap: 0.25, scrollWheelZoom: false, attributionControl: true });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(areas.attribution.join(". "));
  if (frame.dataset.tiles) L.tileLayer(frame.dataset.tiles, { maxZoom: 19, opacity: 0.6 }).addTo(map);
  const halo = L.layerGroup();
  const drawn = L.geoJSON(areas, { style: styled, onEachFeature: (area, layer) => reachable(area, layer, said, halo) });
  drawn.addTo(map);
  halo.addTo(map);
  map.fitBounds(drawn.getBounds(), { padding: [6, 6] });
}

// A hidden tab has no size, and a map needs one: begin when the frame can first be seen.
if (frame && window.L) {
  const seen = new IntersectionObserver(async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    try {
      const answer = await fetch(frame.dataset.map);
      if (answer.ok && !answer.redirected) draw(await answer.json());
    } catch {
      // The network is away for a moment: the drawing stays.
    }
  });
  seen.observe(frame);
}
