'use strict';
/* Charts over time, and bars. Every one follows what it shows: update() takes a newer answer and keeps the zoom. */

/* The 24-hour clock and dates as RFC 3339 writes them. */
const clock = template => uPlot.fmtDate(template.replace('{h}:{mm}', '{HH}:{mm}').replace('{h}{aa}', '{HH}:00').replace('{aa}', '').replace('{M}/{D}/{YY}', '{YYYY}-{MM}-{DD}').replace('{M}/{D}', '{MM}-{DD}'));

/* Without the labels of time where the chart below has them. */
function axes(bare) {
  const axis = {stroke: color('soft'), grid: {stroke: color('line'), width: 1}, ticks: {stroke: color('line')}};
  return [bare ? {...axis, size: 0, values: () => []} : {...axis}, {...axis, size: 62, values: (u, splits) => splits.map(number)}];
}

/* Open alerts as shaded stretches. */
function stretches(get) {
  return {hooks: {drawClear: u => {
    const pen = u.ctx;
    pen.save();
    pen.fillStyle = color('critical-bg');
    for (const incident of get()) {
      const from = u.valToPos(new Date(incident.since) / 1000, 'x', true);
      const to = incident.until ? u.valToPos(new Date(incident.until) / 1000, 'x', true) : u.bbox.left + u.bbox.width;
      const left = Math.max(from, u.bbox.left);
      if (to > left) pen.fillRect(left, u.bbox.top, Math.min(to, u.bbox.left + u.bbox.width) - left, u.bbox.height);
    }
    pen.restore();
  }}};
}

function chart(parent, title, height, series, bands, data, json, range, bare) {
  const box = el('div', {class: 'chart'}, el('h3', {}, title));
  parent.append(box);
  let now = json;
  let tell = () => {};
  const inside = () => { const of = getComputedStyle(box); return box.clientWidth - parseFloat(of.paddingLeft) - parseFloat(of.paddingRight); };
  const size = () => ({width: Math.max(240, inside()), height});
  const plot = new uPlot({...size(), series: [{}, ...series], bands, axes: axes(bare), padding: [8, 8, bare ? 4 : 0, 0], plugins: [stretches(() => now.incidents)], hooks: {setScale: [(u, key) => { if (key === 'x') tell(); }]}, cursor: {sync: {key: 'series'}, drag: {x: true, y: false}},
    scales: range ? {y: {range}} : {}, fmtDate: clock, tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC')}, data(json), box);
  new ResizeObserver(() => plot.setSize(size())).observe(box);
  return {range: () => [1000 * plot.scales.x.min, 1000 * plot.scales.x.max], zoomed(told) { tell = told; }, update(next) {
    now = next;
    const times = plot.data[0];
    const zoomed = times.length && (plot.scales.x.min > times[0] || plot.scales.x.max < times[times.length - 1]);
    plot.setData(data(next), !zoomed);
  }};
}

function ahead(json, name) {
  const forecast = json.forecast;
  const of = forecast && forecast.quantiles && forecast.quantiles[name];
  const start = forecast && new Date(forecast.issued_at).getTime();
  if (!of || !forecast.step_ms || !of['0.5']) return {times: [], values: []};
  const last = json.times[json.times.length - 1];
  const times = of['0.5'].map((v, i) => start + (i + 1) * forecast.step_ms);
  const keep = times.map(t => t > last);
  return {times: times.filter((t, i) => keep[i]), values: of['0.5'].filter((v, i) => keep[i])};
}

function featureChart(parent, json, index, height, bare) {
  const name = json.features[index].name;
  const data = next => {
    const feature = next.features[index];
    const more = ahead(next, name);
    const pad = values => values.concat(more.times.map(() => null));
    return [next.times.concat(more.times).map(t => t / 1000), pad(feature.upper), pad(feature.lower), pad(feature.expected), pad(feature.values), next.times.map(() => null).concat(more.values)];
  };
  const hidden = {stroke: 'transparent', points: {show: false}};
  const series = [hidden, hidden, {stroke: color('expected'), dash: [5, 4], width: 1, points: {show: false}}, {stroke: color('value'), width: 2, points: {show: json.times.length < 60}}, {stroke: color('forecast'), dash: [6, 3], width: 2, points: {show: false}}];
  return chart(parent, name, height || 220, series, [{series: [1, 2], fill: color('band')}], data, json, undefined, bare);
}

function scoreChart(parent, json, height) {
  const data = next => [next.times.map(t => t / 1000), next.scores];
  return chart(parent, 'score', height || 140, [{stroke: color('score'), width: 1.5, fill: color('critical-bg'), points: {show: false}}], [], data, json, [0, 1.02]);
}

/* The shares of the steps that a chart shows now: means that steps with a high score weigh more in. */
function shared(json, chart) {
  const [from, to] = chart.range();
  const weights = json.times.map((t, i) => t >= from && t <= to && json.scores[i] > 0 && json.features.some(f => f.contribution[i] != null) ? json.scores[i] : 0);
  const whole = weights.reduce((a, b) => a + b, 0);
  if (!whole) return {contribution: [], others: 0};
  const contribution = json.features.map(f => ({feature: f.name, share: f.contribution.reduce((sum, c, i) => sum + weights[i] * (c || 0), 0) / whole})).sort((a, b) => b.share - a.share);
  return {contribution, others: Math.max(0, 100 - contribution.reduce((sum, c) => sum + c.share, 0))};
}

/* Who has which share in the surprise, the largest first; what is not kept is of others. */
function bars(json) {
  const shares = (json.contribution || []).filter(c => c.share >= 1).slice(0, 6).map(c => ({name: c.feature, share: c.share}));
  if (json.others >= 1) shares.push({name: 'others', share: json.others});
  if (!shares.length) return null;
  return el('dl', {class: 'bars'}, shares.map(s => {
    const bar = el('i', {});
    bar.style.width = Math.min(100, s.share) + '%';
    return el('div', {}, el('dt', {title: s.name}, s.name), el('dd', {}, el('span', {class: 'bar'}, bar), el('span', {class: 'share'}, Math.round(s.share) + ' %')));
  }));
}

const legend = names => el('div', {class: 'legend'}, names.map(name => el('span', {}, el('i', {class: name === 'incident' ? 'stretch' : name}), name)));
