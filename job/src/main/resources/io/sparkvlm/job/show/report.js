"use strict";
const colours = ["--accent", "--good"];
const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(title, grid) {
  return {
    stacked: true,
    title: { display: title !== "", text: title, color: colour("--faint") },
    ticks: { color: colour("--faint"), maxRotation: 0, autoSkipPadding: 16 },
    grid: { display: grid, color: colour("--line") },
    border: { color: colour("--line") }
  };
}

function draw(canvas) {
  const chart = JSON.parse(canvas.dataset.chart);
  return new Chart(canvas, {
    type: "bar",
    data: {
      labels: chart.labels,
      datasets: chart.series.map((one, i) => ({
        label: one.name,
        data: one.values,
        backgroundColor: colour(colours[i]),
        categoryPercentage: 1,
        barPercentage: 0.92
      }))
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { display: chart.series.length > 1, align: "end", labels: { color: colour("--ink"), boxWidth: 12, boxHeight: 12 } },
        tooltip: { callbacks: { label: item => " " + numbers.format(item.raw) + " " + item.dataset.label } }
      },
      scales: { x: axis(chart.x, false), y: { ...axis(chart.y, true), beginAtZero: true } }
    }
  });
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
const canvases = Array.from(document.querySelectorAll("canvas"));
let charts = canvases.map(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  charts.forEach(chart => chart.destroy());
  charts = canvases.map(draw);
});
