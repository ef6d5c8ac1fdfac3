'use strict';
/* Models: of each network the champion beside its challenger, the figures of its newest trial, training curves, versions and decisions. */

VIEWS.models = {
  ask: () => '/api/v1/models',
  draw(json, main, rest, context) {
    const rank = state => ({champion: 'ok', pinned: 'ok', challenger: 'info'})[state] || 'plain';
    const columns = [{name: 'model', of: v => label(v)}, {name: 'state', of: v => badge(v.state, rank(v.state))}, {name: 'rows taught', n: true, of: v => v.rows_taught}, {name: 'withheld', n: true, of: v => v.rows_withheld},
      {name: 'loss', n: true, of: v => number(v.loss)}, {name: 'usual error', n: true, of: v => number(v.usual_error)}, {name: 'last row', of: v => time(v.last_row)}, {name: 'parent', n: true, of: v => v.parent || '–'}, {name: 'engine', of: v => el('span', {title: v.engine}, v.engine.split(' ')[0])}];
    if (context.mayChange) columns.splice(2, 0, {name: 'change', of: v => changes(v).map(c => el('button', {'data-change': c.what + ' ' + label(v), onclick: () => this.confirm(c, v, context)}, c.name))});
    main.replaceChildren(...[el('h1', {}, 'Models'), el('div', {id: 'confirm'}), el('div', {id: 'said', role: 'status'}, context.said || ''),
      json.versions.length ? networks(json).map(n => beside(n, json)) : el('p', {class: 'quiet'}, 'No network has learnt enough yet.'),
      json.versions.length ? el('h2', {}, 'Versions') : '', json.versions.length ? table(columns, json.versions) : '',
      context.mayChange ? '' : el('p', {class: 'quiet'}, 'Read-only: start the console with --console-auth to promote, roll back or pin here.'),
      el('h2', {}, 'What was decided, newest first'),
      table([{name: 'when', of: a => time(a.when)}, {name: 'who', of: a => a.who}, {name: 'what', of: a => a.action}, {name: 'model', of: a => a.model}, {name: 'champion', of: a => a.before === a.after ? '' : a.before + ' → ' + a.after}, {name: 'why', wrap: true, of: a => a.why}], json.audit)].flat());
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

/* Each network once, with the version that scores and those that are tried. */
function networks(json) {
  const all = new Map();
  for (const v of json.versions) {
    const name = v.stream + '/' + v.network;
    if (!all.has(name)) all.set(name, {name, stream: v.stream, network: v.network, champion: null, challengers: []});
    if (v.state === 'champion' || v.state === 'pinned') all.get(name).champion = v;
    if (v.state === 'challenger') all.get(name).challengers.push(v);
  }
  return [...all.values()];
}

/* The champion beside the newest challenger, and on what figures the newest trial decided. */
function beside(network, json) {
  const trial = json.trials.find(t => t.stream === network.stream && t.network === network.network);
  const tried = trial && json.versions.find(v => v.stream === trial.stream && v.network === trial.network && v.version === trial.challenger && v.state === 'retired');
  const challenger = network.challengers[0] || null;
  return el('section', {class: 'card network'}, el('h2', {}, network.name),
    el('div', {class: 'beside'}, version(network.champion, 'No version scores.'), version(challenger || tried || null, 'No challenger is tried now.')),
    trial ? figures(trial) : null);
}

function version(v, none) {
  if (!v) return el('div', {}, el('p', {class: 'quiet'}, none));
  const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  return el('div', {}, el('h3', {}, '@' + v.version + ' ', badge(v.state, {champion: 'ok', pinned: 'ok', challenger: 'info'}[v.state])),
    el('dl', {class: 'facts'}, fact('usual error', number(v.usual_error)), fact('loss', number(v.loss)), fact('rows taught', v.rows_taught), fact('last row', time(v.last_row))),
    v.curve ? curve(v.curve) : el('p', {class: 'quiet'}, 'No training curve is kept of it.'));
}

/* Losses over optimiser steps: of training, and where there is one of the validation part, dashed. */
function curve(of) {
  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const values = [...of.train, ...(of.validation || [])].filter(v => v != null);
  const top = Math.max(...values);
  const bottom = Math.min(...values);
  const at = (value, i, count) => (300 * i / Math.max(1, count - 1)).toFixed(1) + ',' + (4 + 82 * (top - value) / (top - bottom || 1)).toFixed(1);
  const line = (all, name) => svg('polyline', {class: name, points: all.map((v, i) => v == null ? '' : at(v, i, all.length)).filter(Boolean).join(' '), 'vector-effect': 'non-scaling-stroke'});
  const ends = all => { const kept = all.filter(v => v != null); return number(kept[0]) + ' → ' + number(kept[kept.length - 1]); };
  const says = 'training loss ' + ends(of.train) + (of.validation && of.validation.some(v => v != null) ? ', validation ' + ends(of.validation) : '');
  return el('div', {class: 'curve'}, svg('svg', {viewBox: '0 0 300 90', preserveAspectRatio: 'none', role: 'img', 'aria-label': says}, line(of.train, 'train'), ...(of.validation ? [line(of.validation, 'validation')] : [])), el('div', {class: 'label'}, says));
}

const FIGURES = {steps: 'steps judged', alerts: 'alerts opened', tails: 'share of tail probabilities below 0.05', error: 'usual error', ranking: 'average precision, mean of injected anomalies', nanos: 'ns for a sample', labelled: 'average precision, labelled rows', 'labelled-rows': 'labelled rows'};
const LESS = ['alerts', 'error', 'nanos'];
const NEITHER = ['steps', 'tails', 'labelled-rows'];

function figures(trial) {
  const better = (f, own, other) => !NEITHER.includes(f.name) && f[own] != null && f[other] != null && (LESS.includes(f.name) ? f[own] < f[other] : f[own] > f[other]);
  const cell = (own, other) => f => better(f, own, other) ? el('strong', {title: 'better'}, number(f[own])) : number(f[own]);
  const order = f => { const i = Object.keys(FIGURES).indexOf(f.name); return i < 0 ? 99 : i; };
  const rows = [...trial.figures].sort((a, b) => order(a) - order(b));
  const said = {promote: 'was promoted', keep: 'was not promoted', retire: 'was given up'}[trial.action] || trial.action;
  return el('div', {}, el('h3', {}, 'Trial of @' + trial.challenger + ' against @' + trial.champion + ', ' + time(trial.when)),
    el('p', {}, '@' + trial.challenger + ' ' + said + ': ' + trial.why),
    table([{name: 'figure (the better one is bold)', wrap: true, of: f => FIGURES[f.name] || 'average precision, ' + f.name}, {name: 'champion @' + trial.champion, n: true, of: cell('champion', 'challenger')}, {name: 'challenger @' + trial.challenger, n: true, of: cell('challenger', 'champion')}], rows));
}
