'use strict';
/* What each view shows. A view takes the API's answer and the place to draw in; texts are only ever set as text. */

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat()) if (child != null) node.append(child);
  return node;
}

const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function number(value) {
  if (value == null || !isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(2);
  return String(+value.toFixed(size < 10 ? 3 : size < 1000 ? 2 : 0));
}

function time(value) {
  if (value == null) return '–';
  const at = new Date(value);
  return isNaN(at) ? '–' : at.toISOString().replace('T', ' ').slice(0, 19) + 'Z';
}

function lasted(since, until) {
  const seconds = Math.max(0, Math.round((new Date(until) - new Date(since)) / 1000));
  if (!isFinite(seconds)) return '';
  if (seconds < 120) return seconds + ' s';
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? minutes + ' min' : Math.round(minutes / 60) + ' h';
}

const meta = (...parts) => el('div', {class: 'meta'}, parts.filter(p => p != null && p !== '').map(p => typeof p === 'string' ? el('span', {}, p) : p));
const power = value => value > 9 ? 'over 10⁹' : '10^' + number(value);
const path = (view, ...names) => '#/' + view + '/' + names.map(encodeURIComponent).join('/');
const badge = (text, kind) => el('span', {class: 'badge ' + (kind || 'plain')}, text);
const card = (label, figure, unit) => el('div', {class: 'card'}, el('div', {class: 'figure'}, figure, unit ? el('small', {}, ' ' + unit) : null), el('div', {class: 'label'}, label));
const seriesLink = s => el('a', {href: path('series', s.stream, s.series)}, s.stream + '/' + s.series);

function table(columns, rows) {
  const head = el('tr', {}, columns.map(c => el('th', {scope: 'col', class: c.n ? 'n' : ''}, c.name)));
  const body = rows.map(row => el('tr', {'data-row': row.href || ''}, columns.map(c => el('td', {class: (c.n ? 'n ' : '') + (c.wrap ? 'wrap' : '')}, c.of(row)))));
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': columns[0].name}, el('table', {}, el('thead', {}, head), el('tbody', {}, body)));
}

function incidentCard(incident) {
  const over = incident.until != null;
  return el('a', {class: 'incident ' + (over ? 'over' : incident.severity), href: path('incident', incident.id), 'data-row': path('incident', incident.id)},
    meta(badge(incident.severity, incident.severity), badge(incident.state, over ? 'ok' : 'plain'), incident.group,
      'since ' + time(incident.since), over ? 'for ' + lasted(incident.since, incident.until) : incident.open_count + ' of ' + incident.series_count + ' series open', incident.who ? 'taken by ' + incident.who : null),
    el('p', {}, incident.summary));
}

/* Scores as a strip, oldest left: the stranger, the stronger. */
function strip(scores, alert) {
  const canvas = el('canvas', {width: 240, height: 14, role: 'img', 'aria-label': 'scores of the last ' + scores.length + ' steps, highest ' + number(Math.max(0, ...scores.map(s => s || 0)))});
  const pen = canvas.getContext('2d');
  const hot = color('score');
  const calm = color('value');
  const width = 240 / 60;
  scores.forEach((score, i) => {
    if (score == null) return;
    pen.globalAlpha = Math.max(0.07, score);
    pen.fillStyle = score >= 0.5 || alert ? hot : calm;
    pen.fillRect((60 - scores.length + i) * width, 0, width - 1, 14);
  });
  return canvas;
}

const VIEWS = {};

VIEWS.now = {
  ask: () => '/api/v1/now',
  draw(json, main) {
    const heat = el('div', {class: 'heat'});
    for (const row of json.heat) heat.append(el('a', {href: path('series', row.stream, row.series), title: row.stream + '/' + row.series}, (row.alert ? '▲ ' : '') + row.stream + '/' + row.series), strip(row.scores, row.alert));
    main.replaceChildren(
      el('h1', {}, json.incidents.length ? (json.incidents.length === 1 ? 'One incident' : json.incidents.length + ' incidents') + ' now' : 'Nothing strange now'),
      el('div', {class: 'cards'}, card(json.incidents.length === 1 ? 'incident' : 'incidents', json.incidents.length), card('series with an open alert', json.alerts_open),
        card('series watched here', json.series_count, json.series_unkept ? '+ ' + json.series_unkept + ' steps of others' : ''), card('scores', number(json.rate), 'a second'), card('scores seen', json.outcomes)),
      ...(json.incidents.length ? json.incidents.map(incidentCard) : [el('p', {class: 'good'}, json.live ? 'No incident is open.' : 'Still reading what there is…')]),
      el('h2', {}, 'Strangest series, their last 60 steps'),
      json.heat.length ? heat : el('p', {class: 'quiet'}, 'No score has come yet.'),
      json.recent.length ? el('h2', {}, 'Over') : '', ...json.recent.map(incidentCard));
  },
};

VIEWS.incidents = {
  ask: () => '/api/v1/incidents',
  draw(json, main) {
    main.replaceChildren(el('h1', {}, 'Incidents'), ...(json.incidents.length ? json.incidents.map(incidentCard) : [el('p', {class: 'quiet'}, 'There has been none.')]));
  },
};

VIEWS.incident = {
  ask: ([id]) => '/api/v1/incident?id=' + encodeURIComponent(id),
  draw(incident, main, [id], context) {
    const over = incident.until != null;
    const rows = incident.series.map(s => ({...s, href: path('series', s.stream, s.series)}));
    const actions = el('div', {class: 'actions'});
    if (context.mayChange) {
      const note = el('input', {id: 'note', placeholder: 'Note', 'aria-label': 'Note', maxlength: 500});
      if (!over) actions.append(note, el('button', {class: 'main', id: 'acknowledge', onclick: () => context.change('acknowledge', {incident: id, note: note.value}, 'It is yours.')}, 'Acknowledge'));
      const first = incident.first;
      const say = label => () => context.change('feedback', {stream: first.stream, series: first.series, from: incident.since, to: incident.time, label, note: note.value}, first.series + ' was labelled ' + label + '.');
      actions.append(el('button', {id: 'normal', onclick: say('normal')}, 'It was normal'), el('button', {id: 'anomaly', onclick: say('anomaly')}, 'It was an anomaly'),
        el('button', {id: 'silence', onclick: () => context.change('silence', {group: incident.group, minutes: 60, note: note.value}, incident.group + ' is silenced for an hour.')}, 'Silence ' + incident.group + ' for 1 h'));
    } else {
      actions.append(el('span', {class: 'quiet'}, 'Read-only: start the console with --console-auth to acknowledge, label or silence here.'));
    }
    main.replaceChildren(
      meta(badge(incident.severity, incident.severity), badge(incident.state, over ? 'ok' : 'plain'), incident.group, 'since ' + time(incident.since), over ? 'until ' + time(incident.until) + ' (' + lasted(incident.since, incident.until) + ')' : null, incident.who ? 'taken by ' + incident.who + (incident.note ? ': ' + incident.note : '') : null),
      el('h1', {}, incident.summary),
      el('div', {class: 'cards'}, card('series', incident.series_count), card('still open', incident.open_count), card('rarer than the budget', power(incident.excess), 'times'),
        card('moved first, ' + Math.round(100 * incident.first.confidence) + ' % sure', incident.first.series)),
      actions, el('div', {id: 'said', role: 'status'}, context.said || ''),
      el('h2', {}, 'Series, the most severe first'),
      table([{name: 'series', of: seriesLink}, {name: 'feature', of: s => s.feature || '–'}, {name: 'value', n: true, of: s => number(s.value)}, {name: 'expected', n: true, of: s => number(s.lower) + ' to ' + number(s.upper)},
        {name: 'share', n: true, of: s => s.contribution == null ? '–' : Math.round(s.contribution) + ' %'}, {name: 'kind', of: s => s.kind}, {name: 'rarity', n: true, of: s => '1 in ' + power(s.return_level)}, {name: 'since', of: s => time(s.since)}, {name: 'until', of: s => s.until ? time(s.until) : 'open'}], rows),
      ...(incident.pictures.length ? [el('h2', {}, 'Newest frames'), pictures(incident.pictures)] : []),
      ...seenBefore(incident.similar || []),
      el('p', {class: 'quiet'}, incident.id));
  },
};

/* Past incidents that are like one, with what people said of them. */
function seenBefore(similar) {
  if (!similar.length) return [];
  const said = (who, note) => [who, note].filter(Boolean).join(': ');
  return [el('h2', {}, 'Seen before'),
    table([{name: 'incident', of: p => el('a', {href: path('incident', p.incident)}, time(p.since))}, {name: 'similarity', n: true, of: p => number(p.similarity)},
      {name: 'label', wrap: true, of: p => p.label ? [badge(p.label, p.label === 'normal' ? 'ok' : 'critical'), ' ' + said(p.label_who, p.label_note)] : '–'},
      {name: 'taken by', wrap: true, of: p => said(p.who, p.note) || '–'}, {name: 'id', of: p => p.incident}], similar.map(p => ({...p, href: path('incident', p.incident)})))];
}

VIEWS.series = {
  ask: ([stream, series]) => series == null ? '/api/v1/series?q=' + encodeURIComponent(document.getElementById('q').value) : '/api/v1/points?stream=' + encodeURIComponent(stream) + '&series=' + encodeURIComponent(series),
  draw(json, main, [stream, series], context) {
    if (series == null) return this.list(json, main);
    const old = context.charts;
    if (old && old.key === stream + '/' + series && document.body.contains(old.node)) {
      this.head(json, old.head);
      old.all.forEach(chart => chart.update(json));
      old.seen.replaceChildren(...(json.pictures.length ? [pictures(json.pictures)] : []));
      return;
    }
    const head = el('div', {});
    const node = el('div', {});
    const seen = el('div', {}, json.pictures.length ? pictures(json.pictures) : null);
    this.head(json, head);
    main.replaceChildren(head, seen, node);
    const all = json.features.map((feature, i) => featureChart(node, json, i)).concat(scoreChart(node, json));
    context.charts = {key: stream + '/' + series, node, head, seen, all};
  },
  head(json, head) {
    head.replaceChildren(
      meta(json.stream, badge(json.alert ? 'alert open' : json.status, json.alert ? 'critical' : json.status === 'scored' ? 'ok' : 'plain'), 'newest step ' + time(json.time), json.score == null ? null : 'score ' + number(json.score)),
      el('h1', {}, json.series),
      el('div', {class: 'legend'}, ['value', 'expected', 'band', 'forecast'].map(name => el('span', {}, el('i', {class: name}), name))),
      ...json.incidents.filter(i => !['resolved', 'expired'].includes(i.state)).map(i => el('p', {}, badge(i.severity, i.severity), ' ', el('a', {href: path('incident', i.id)}, i.summary))));
  },
  list(json, main) {
    const rows = json.series.map(s => ({...s, href: path('series', s.stream, s.series)}));
    main.replaceChildren(el('h1', {}, json.count + ' series'), rows.length ? table([{name: 'series', of: seriesLink}, {name: 'alert', of: s => s.alert ? badge('open', 'critical') : ''}, {name: 'score', n: true, of: s => number(s.score)}, {name: 'feature', of: s => s.feature || '–'},
      {name: 'value', n: true, of: s => number(s.value)}, {name: 'expected', n: true, of: s => number(s.lower) + ' to ' + number(s.upper)}, {name: 'newest step', of: s => time(s.time)}, {name: 'status', of: s => s.status}], rows) : el('p', {class: 'quiet'}, 'None of this name.'));
  },
};

/* The 24-hour clock and dates as RFC 3339 writes them. */
const clock = template => uPlot.fmtDate(template.replace('{h}:{mm}', '{HH}:{mm}').replace('{h}{aa}', '{HH}:00').replace('{aa}', '').replace('{M}/{D}/{YY}', '{YYYY}-{MM}-{DD}').replace('{M}/{D}', '{MM}-{DD}'));

function axes() {
  const axis = {stroke: color('soft'), grid: {stroke: color('line'), width: 1}, ticks: {stroke: color('line')}};
  return [{...axis}, {...axis, size: 62, values: (u, splits) => splits.map(number)}];
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

function chart(parent, title, height, series, bands, data, json, range) {
  const box = el('div', {class: 'chart'}, el('h3', {}, title));
  parent.append(box);
  let now = json;
  const size = () => ({width: Math.max(240, box.clientWidth - 26), height});
  const plot = new uPlot({...size(), series: [{}, ...series], bands, axes: axes(), plugins: [stretches(() => now.incidents)], cursor: {sync: {key: 'series'}, drag: {x: true, y: false}},
    scales: range ? {y: {range}} : {}, fmtDate: clock, tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC')}, data(json), box);
  new ResizeObserver(() => plot.setSize(size())).observe(box);
  return {update(next) {
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

function featureChart(parent, json, index) {
  const name = json.features[index].name;
  const data = next => {
    const feature = next.features[index];
    const more = ahead(next, name);
    const pad = values => values.concat(more.times.map(() => null));
    return [next.times.concat(more.times).map(t => t / 1000), pad(feature.upper), pad(feature.lower), pad(feature.expected), pad(feature.values), next.times.map(() => null).concat(more.values)];
  };
  const hidden = {stroke: 'transparent', points: {show: false}};
  const series = [hidden, hidden, {stroke: color('expected'), dash: [5, 4], width: 1, points: {show: false}}, {stroke: color('value'), width: 2, points: {show: json.times.length < 60}}, {stroke: color('forecast'), dash: [6, 3], width: 2, points: {show: false}}];
  return chart(parent, name, 220, series, [{series: [1, 2], fill: color('band')}], data, json);
}

function scoreChart(parent, json) {
  const data = next => [next.times.map(t => t / 1000), next.scores];
  return chart(parent, 'score', 140, [{stroke: color('score'), width: 1.5, fill: color('critical-bg'), points: {show: false}}], [], data, json, [0, 1.02]);
}

VIEWS.models = {
  ask: () => '/api/v1/models',
  draw(json, main, rest, context) {
    const rank = state => ({champion: 'ok', pinned: 'ok', challenger: 'info'})[state] || 'plain';
    const columns = [{name: 'model', of: v => label(v)}, {name: 'state', of: v => badge(v.state, rank(v.state))}, {name: 'rows taught', n: true, of: v => v.rows_taught}, {name: 'withheld', n: true, of: v => v.rows_withheld},
      {name: 'loss', n: true, of: v => number(v.loss)}, {name: 'usual error', n: true, of: v => number(v.usual_error)}, {name: 'last row', of: v => time(v.last_row)}, {name: 'parent', n: true, of: v => v.parent || '–'}, {name: 'engine', of: v => el('span', {title: v.engine}, v.engine.split(' ')[0])}];
    if (context.mayChange) columns.splice(2, 0, {name: 'change', of: v => changes(v).map(c => el('button', {'data-change': c.what + ' ' + label(v), onclick: () => this.confirm(c, v, context)}, c.name))});
    main.replaceChildren(el('h1', {}, 'Models'), el('div', {id: 'confirm'}), el('div', {id: 'said', role: 'status'}, context.said || ''),
      json.versions.length ? table(columns, json.versions) : el('p', {class: 'quiet'}, 'No network has learnt enough yet.'),
      context.mayChange ? '' : el('p', {class: 'quiet'}, 'Read-only: start the console with --console-auth to promote, roll back or pin here.'),
      el('h2', {}, 'What was decided, newest first'),
      table([{name: 'when', of: a => time(a.when)}, {name: 'who', of: a => a.who}, {name: 'what', of: a => a.action}, {name: 'model', of: a => a.model}, {name: 'champion', of: a => a.before === a.after ? '' : a.before + ' → ' + a.after}, {name: 'why', wrap: true, of: a => a.why}], json.audit));
  },
  /* A change is asked for only with a reason, and after a second look. */
  confirm(change, v, context) {
    const place = document.getElementById('confirm');
    const why = el('input', {id: 'why', placeholder: 'Why, for the audit', 'aria-label': 'Why', maxlength: 500});
    const send = () => {
      if (!why.value.trim()) { why.focus(); return; }
      place.replaceChildren(el('p', {class: 'quiet'}, 'The registrar is asked…'));
      context.change(change.what, {stream: v.stream, network: v.network, version: v.version, why: why.value.trim()}, change.done(v));
    };
    place.replaceChildren(el('div', {class: 'card'}, el('p', {}, change.says(v)),
      el('div', {class: 'actions'}, why, el('button', {class: 'main', id: 'sure', onclick: send}, change.name + ' ' + label(v)), el('button', {id: 'unsure', onclick: () => place.replaceChildren()}, 'Cancel'))));
    why.focus();
  },
};

const label = v => v.stream + '/' + v.network + '@' + v.version;

/* What can be done with a version, by what it is for now. */
function changes(v) {
  const promote = {what: 'promote', name: 'Promote', says: v => label(v) + ' is to score instead of the present champion. The guard rolls it back when the stream fares worse.', done: v => label(v) + ' scores now.'};
  const rollback = {what: 'rollback', name: 'Roll back', says: v => 'The champion before ' + label(v) + ' is to score again.', done: v => label(v) + ' was rolled back.'};
  const pin = {what: 'pin', name: 'Pin', says: v => label(v) + ' is to score until it is unpinned: no learner and no retraining replaces it.', done: v => label(v) + ' is pinned.'};
  const unpin = {what: 'unpin', name: 'Unpin', says: v => label(v) + ' may be replaced again.', done: v => label(v) + ' may be replaced again.'};
  if (v.state === 'pinned') return [unpin];
  return v.state === 'champion' ? [rollback, pin] : [promote, pin];
}

VIEWS.streams = {
  ask: () => '/api/v1/streams',
  draw(json, main, rest, context) {
    const open = new Set([...main.querySelectorAll('details[open]')].map(d => d.dataset.of));
    const counts = of => Object.entries(of || {}).map(([name, count]) => name + ' ' + count).join(' · ') || '–';
    main.replaceChildren(el('h1', {}, 'Streams'),
      table([{name: 'stream', of: s => s.name}, {name: 'topic', of: s => s.topic || 'not declared here'}, {name: 'series', n: true, of: s => s.series || 0}, {name: 'scores', n: true, of: s => s.outcomes}, {name: 'a second', n: true, of: s => number(s.rate || 0)}, {name: 'newest step', of: s => time(s.newest)},
        {name: 'what became of it', wrap: true, of: s => counts(s.statuses)}, {name: 'reasons', wrap: true, of: s => counts(s.reasons)}, {name: 'networks', of: s => (s.networks || []).join(', ')}], json.streams),
      ...json.streams.filter(s => s.file).map(s => el('details', {'data-of': s.name, open: open.has(s.name)}, el('summary', {}, s.name + (s.about ? ': ' + s.about : '')), el('pre', {tabindex: '0'}, s.file))),
      el('h2', {}, 'Newest dead letters'),
      json.dead_letters.length ? table([{name: 'when', of: d => time(d.time)}, {name: 'stream', of: d => d.stream || '–'}, {name: 'role', of: d => d.role || '–'}, {name: 'reason', of: d => d.reason || '–'}, {name: 'detail', wrap: true, of: d => d.detail || ''}], json.dead_letters) : el('p', {class: 'good'}, 'None: every record could be used.'));
  },
};

VIEWS.frames = {
  ask: () => '/api/v1/frames',
  draw(json, main) {
    main.replaceChildren(el('h1', {}, 'Frames'), json.frames.length ? pictures(json.frames)
      : el('p', {class: 'quiet'}, 'No stream of images writes pictures; declare outputs: {anomaly-maps: true} in its file.'));
  },
};

const KINDS = {map: 'heat map: what is strange', reconstruction: 'reconstruction: what is usual'};
const shown = new Map();

/* Pictures of the newest frames. A picture that is shown already stays, so that it does not flicker. */
function pictures(frames) {
  return el('div', {class: 'frames'}, frames.map(f => {
    const address = location.origin + '/api/v1/frame?kind=' + f.kind + '&stream=' + encodeURIComponent(f.stream) + '&series=' + encodeURIComponent(f.series);
    const before = shown.get(address);
    const image = before && before.at === f.at ? before.image : el('img', {src: address + '&at=' + f.at, alt: f.kind + ' of the newest frame of ' + f.series});
    shown.set(address, {at: f.at, image});
    return el('figure', {class: 'card'}, image, el('figcaption', {}, seriesLink(f), el('div', {class: 'label'}, KINDS[f.kind]), f.time ? el('div', {class: 'label'}, time(f.time)) : null));
  }));
}
