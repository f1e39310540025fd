/* Draws each [data-figure] with Chart.js in the colours of the style sheet, and folds the table behind it away.
   Where this does not run, the table stands open: nothing is lost. */
(() => {
  "use strict";
  const drawn = new Map();
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const settings = (figure) => {
    const grid = { color: ink("--line") };
    const ticks = { color: ink("--soft"), precision: 0 };
    const stacked = figure.shape === "stacked";
    const values = { stacked, beginAtZero: true, grid, ticks, border: { display: false } };
    // A telephone has no room for a long name beside the bars; the table behind has it whole.
    const cut = (name) => (innerWidth < 640 && name.length > 22 ? `${name.slice(0, 21)}…` : name);
    const named = function (value) { return cut(this.getLabelForValue(value)); };
    const labels = { stacked, grid: { display: false }, ticks: { ...ticks, autoSkip: !figure.across, callback: named }, border: grid };
    return {
      type: figure.shape === "line" ? "line" : "bar",
      data: {
        labels: figure.labels,
        datasets: figure.series.map((one) => ({
          label: one.name,
          data: one.values,
          backgroundColor: ink(`--tone-${one.tone}`),
          borderColor: ink(`--tone-${one.tone}`),
          borderWidth: figure.shape === "line" ? 2 : 0,
          pointRadius: 2,
          maxBarThickness: 28,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        indexAxis: figure.across ? "y" : "x",
        interaction: { mode: "index", intersect: false, axis: figure.across ? "y" : "x" },
        scales: figure.across ? { x: values, y: labels } : { x: labels, y: values },
        plugins: {
          legend: { display: figure.series.length > 1, position: "bottom", labels: { color: ink("--ink"), boxWidth: 12 } },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${item.formattedValue} ${figure.unit}`.trim() } },
        },
      },
    };
  };

  const draw = (place) => {
    const figure = JSON.parse(place.querySelector("script").textContent);
    place.hidden = false;
    const rows = figure.across ? figure.labels.length : 8;
    place.style.height = `${Math.max(11, rows * 1.9 + 4)}rem`;
    drawn.get(place)?.destroy();
    drawn.set(place, new Chart(place.querySelector("canvas"), settings(figure)));
  };

  const all = (root) => {
    for (const place of root.querySelectorAll("[data-figure]")) {
      if (drawn.has(place)) continue;
      place.parentElement.querySelector("details").open = false;
      draw(place);
    }
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  all(document);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((_, place) => draw(place)));
})();
