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
    meta(badge(incident.severity, incident.severity), badge(incident.state, over ? 'ok' : 'plain'), incident.silenced ? badge('silenced', 'plain') : null, incident.group,
      'since ' + time(incident.since), over ? 'for ' + lasted(incident.since, incident.until) : incident.open_count + ' of ' + incident.series_count + ' series open', incident.who ? 'taken by ' + incident.who : null),
    el('p', {}, incident.summary));
}

/* Scores as a strip, oldest left: the stranger, the stronger. */
function strip(scores, alert) {
  const canvas = el('canvas', {width: 240, height: 14, role: 'img', 'aria-label': 'scores, highest ' + number(Math.max(0, ...scores.map(s => s || 0)))});
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

/* A row of the heat map: all rows share one axis of time; a series that has no step on it says when its last one was. */
function over(row, alert) {
  return row.bins.some(b => b != null) ? strip(row.bins, alert) : el('span', {class: 'label'}, 'newest step ' + time(row.newest));
}

/* The time axis below a heat map. */
function axis(from, to) {
  const long = to - from > 2 * 86400000;
  const at = share => { const text = time(from + share * (to - from)); return el('span', {}, long ? text.slice(0, 10) : text.slice(11, 19) + (share === 1 ? 'Z' : '')); };
  return el('div', {class: 'axis', 'aria-label': 'from ' + time(from) + ' to ' + time(to), role: 'img'}, [0, 0.25, 0.5, 0.75, 1].map(at));
}

/* Open alerts, the most severe first; with many of them the others wait behind a line. */
function openAlerts(json) {
  if (!json.alerts.length) return [];
  const line = a => el('li', {}, badge(a.severity, a.severity), ' ', el('a', {href: path('series', a.stream, a.series)}, a.stream + '/' + a.series), ' ', a.summary || a.kind || '',
    el('span', {class: 'label'}, ' since ' + time(a.since), a.incident ? [' · ', el('a', {href: path('incident', a.incident)}, 'its incident')] : ' · in no incident'));
  const counts = Object.entries(json.alerts_by_severity).filter(([, count]) => count).map(([name, count]) => count + ' ' + name).join(', ');
  const first = json.alerts.slice(0, 12);
  const more = json.alerts.slice(12);
  const open = document.querySelector('#more-alerts[open]');
  return [el('h2', {}, 'Open alerts: ' + counts), el('ul', {class: 'alerts'}, first.map(line)),
    more.length ? el('details', {id: 'more-alerts', open: !!open}, el('summary', {}, more.length + ' more' + (json.alerts_open > json.alerts.length ? ', of ' + (json.alerts_open - first.length) : '')), el('ul', {class: 'alerts'}, more.map(line))) : ''];
}

const VIEWS = {};

VIEWS.now = {
  ask: () => '/api/v1/now',
  draw(json, main) {
    const heat = el('div', {class: 'heat'});
    for (const row of json.heat) heat.append(el('a', {href: path('series', row.stream, row.series), title: row.stream + '/' + row.series}, (row.alert ? '▲ ' : '') + row.stream + '/' + row.series), over(row, row.alert));
    if (json.heat.length) heat.append(el('span', {}), axis(json.heat_from, json.heat_to));
    main.replaceChildren(
      el('h1', {}, json.incidents.length ? (json.incidents.length === 1 ? 'One incident' : json.incidents.length + ' incidents') + ' now' : 'Nothing strange now'),
      el('div', {class: 'cards'}, card(json.incidents.length === 1 ? 'incident' : 'incidents', json.incidents.length), card('series with an open alert', json.alerts_open),
        card('series watched here', json.series_count, json.series_unkept ? '+ ' + json.series_unkept + ' steps of others' : ''), card('scores', number(json.rate), 'a second'), card('scores seen', json.outcomes)),
      ...(json.incidents.length ? json.incidents.map(incidentCard) : [el('p', {class: 'good'}, json.live ? 'No incident is open.' : 'Still reading what there is…')]),
      ...openAlerts(json),
      el('h2', {}, 'Strangest series, their scores over time'),
      json.heat.length ? heat : el('p', {class: 'quiet'}, 'No score has come yet.'),
      json.recent.length ? el('h2', {}, 'Over') : '', ...json.recent.map(incidentCard));
  },
};

VIEWS.series = {
  ask: ([stream, series]) => series == null ? '/api/v1/series?q=' + encodeURIComponent(document.getElementById('q').value) : '/api/v1/points?stream=' + encodeURIComponent(stream) + '&series=' + encodeURIComponent(series),
  draw(json, main, [stream, series], context) {
    if (series == null) return this.list(json, main);
    const old = context.charts;
    if (old && old.key === stream + '/' + series && document.body.contains(old.node)) {
      this.head(json, old.head);
      old.json = json;
      old.all.forEach(chart => chart.update(json));
      old.share();
      old.seen.replaceChildren(...(json.pictures.length ? [pictures(json.pictures)] : []));
      return;
    }
    const head = el('div', {});
    const node = el('div', {});
    const seen = el('div', {}, json.pictures.length ? pictures(json.pictures) : null);
    this.head(json, head);
    main.replaceChildren(head, seen, node);
    const own = context.charts = {key: stream + '/' + series, node, head, seen, json, all: []};
    const shares = el('div', {});
    own.share = () => {
      const has = json.features.length > 1 && bars(shared(own.json, own.all[0]));
      shares.replaceChildren(...(has ? [el('h3', {}, 'What was strange in the steps shown, by feature'), has] : []));
      shares.className = has ? 'chart' : '';
    };
    own.all = [scoreChart(node, json)];
    node.append(shares);
    own.all.push(...json.features.map((feature, i) => featureChart(node, json, i)));
    own.all[0].zoomed(own.share);
    own.share();
  },
  head(json, head) {
    head.replaceChildren(
      meta(json.stream, badge(json.alert ? 'alert open' : json.status, json.alert ? 'critical' : json.status === 'scored' ? 'ok' : 'plain'), 'newest step ' + time(json.time), json.score == null ? null : 'score ' + number(json.score)),
      el('h1', {}, json.series),
      legend(['value', 'expected', 'band', 'forecast', 'score', 'incident']),
      ...json.incidents.filter(i => !['resolved', 'expired'].includes(i.state)).map(i => el('p', {}, badge(i.severity, i.severity), ' ', el('a', {href: path('incident', i.id)}, i.summary))));
  },
  list(json, main) {
    const rows = json.series.map(s => ({...s, href: path('series', s.stream, s.series)}));
    main.replaceChildren(el('h1', {}, json.count + ' series'), rows.length ? table([{name: 'series', of: seriesLink}, {name: 'alert', of: s => s.alert ? badge('open', 'critical') : ''}, {name: 'score', n: true, of: s => number(s.score)}, {name: 'feature', of: s => s.feature || '–'},
      {name: 'value', n: true, of: s => number(s.value)}, {name: 'expected', n: true, of: s => number(s.lower) + ' to ' + number(s.upper)}, {name: 'newest step', of: s => time(s.time)}, {name: 'status', of: s => s.status}], rows) : el('p', {class: 'quiet'}, 'None of this name.'));
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

/* Pictures of frames, the newest ones or those of an incident's time. A picture that is shown already stays, so that it does not flicker. */
function pictures(frames, incident) {
  return el('div', {class: 'frames'}, frames.map(f => {
    const address = location.origin + '/api/v1/frame?kind=' + f.kind + '&stream=' + encodeURIComponent(f.stream) + '&series=' + encodeURIComponent(f.series) + (incident ? '&incident=' + encodeURIComponent(incident) : '');
    const before = shown.get(address);
    const image = before && before.at === f.at ? before.image : el('img', {src: address + '&at=' + f.at, alt: f.kind + (incident ? ' of the first strange frame of ' : ' of the newest frame of ') + f.series});
    shown.set(address, {at: f.at, image});
    return el('figure', {class: 'card'}, image, el('figcaption', {}, seriesLink(f), el('div', {class: 'label'}, KINDS[f.kind]), f.time ? el('div', {class: 'label'}, time(f.time)) : null));
  }));
}
