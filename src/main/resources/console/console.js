'use strict';
/* Routes, live ticks, keys and changes. Every answer comes from this server; nothing is asked of anybody else. */

const main = document.getElementById('main');
const live = document.getElementById('live');
const context = {mayChange: false, said: '', charts: null, more: [], kept: {}, change};
const ORDER = ['now', 'series', 'incidents', 'models', 'streams', 'frames'];
let asked = 0;
let busy = false;
let again = false;

function route() {
  const parts = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return VIEWS[parts[0]] ? {name: parts[0], rest: parts.slice(1)} : {name: 'now', rest: []};
}

/* With the origin before it: a page that was opened with a name and password in its address may ask nothing relative to that. */
async function get(address) {
  const answer = await fetch(location.origin + address, {headers: {Accept: 'application/json'}});
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.detail || 'status ' + answer.status);
  return json;
}

/* One question at a time; what comes meanwhile is asked once more afterwards. */
async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  const {name, rest} = route();
  const number = ++asked;
  try {
    const asks = name === 'now' ? [] : [].concat(VIEWS[name].ask(rest));
    const [now, json, ...more] = await Promise.all(['/api/v1/now', ...asks].map(get));
    context.more = more;
    context.mayChange = now.may_change;
    document.getElementById('counts').textContent = now.incidents.length + (now.incidents.length === 1 ? ' incident · ' : ' incidents · ') + now.alerts_open + (now.alerts_open === 1 ? ' open alert · ' : ' open alerts · ') + now.rate + ' scores/s' + (now.skipped ? ' · ' + now.skipped + ' scores passed over' : '');
    document.title = (now.incidents.length ? '(' + now.incidents.length + ') ' : '') + 'Tidemark';
    const typing = main.contains(document.activeElement) && ['INPUT', 'TEXTAREA', 'SELECT'].includes(document.activeElement.tagName) || document.getElementById('sure');
    if (number === asked && !typing) {
      const focused = document.activeElement && document.activeElement.getAttribute('href');
      const focusedId = document.activeElement && document.activeElement.id;
      VIEWS[name].draw(name === 'now' ? now : json, main, rest, context);
      if (focused && document.activeElement === document.body) main.querySelector('[href="' + CSS.escape(focused) + '"]')?.focus();
      else if (focusedId && document.activeElement === document.body) document.getElementById(focusedId)?.focus();
      mark();
    }
  } catch (problem) {
    main.replaceChildren(el('h1', {}, 'Not to be shown'), el('p', {class: 'quiet'}, problem.message));
    context.charts = null;
  }
  busy = false;
  if (again) { again = false; refresh(); }
}

function go() {
  context.charts = null;
  context.said = '';
  context.kept = {};
  row = -1;
  const {name} = route();
  const tab = name === 'incident' ? 'incidents' : name;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === '#/' + tab) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.replaceChildren(el('p', {class: 'quiet'}, 'Loading…'));
  asked++;
  refresh();
}

/* Asks for a change and says what came of it; false when it was refused. */
async function change(what, body, said) {
  let done = false;
  try {
    const answer = await fetch(location.origin + '/api/v1/' + what, {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Tidemark-Console': '1'}, body: JSON.stringify(body)});
    const json = await answer.json();
    done = answer.ok;
    context.said = done ? said : json.detail;
  } catch (problem) {
    context.said = problem.message;
  }
  if (document.activeElement) document.activeElement.blur();
  const place = document.getElementById('said');
  if (place) place.textContent = context.said;
  refresh();
  return done;
}

/* Live: a tick says only that something is new, and when it is the same as before nothing is asked. */
let seen = '';
const events = new EventSource(location.origin + '/api/v1/events');
events.addEventListener('tick', event => {
  live.textContent = 'live';
  live.classList.add('on');
  if (event.data !== seen && !document.hidden) { seen = event.data; refresh(); }
});
events.onerror = () => { live.textContent = 'not connected; trying again'; live.classList.remove('on'); };
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });

/* Keys. */
let row = -1;
function rows() { return [...main.querySelectorAll('[data-row]')].filter(r => r.dataset.row); }
function mark() {
  rows().forEach((r, i) => r.classList.toggle('at', i === row));
}
document.addEventListener('keydown', event => {
  const typing = ['INPUT', 'TEXTAREA', 'SELECT'].includes(event.target.tagName);
  if (event.key === 'Escape' && typing) { event.target.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = rows();
  if (event.key >= '1' && event.key <= '6') location.hash = '#/' + ORDER[event.key - 1];
  else if (event.key === '/') { event.preventDefault(); document.getElementById('q').focus(); }
  else if (event.key === 'j' || event.key === 'k') {
    row = Math.max(0, Math.min(all.length - 1, row + (event.key === 'j' ? 1 : -1)));
    mark();
    if (all[row]) all[row].scrollIntoView({block: 'nearest'});
  } else if (event.key === 'Enter' && all[row] && event.target === document.body) location.hash = all[row].dataset.row;
});

document.getElementById('search').addEventListener('submit', event => event.preventDefault());
document.getElementById('q').addEventListener('input', () => {
  if (location.hash !== '#/series') location.hash = '#/series';
  else refresh();
});

/* Light and dark: as the system says, unless a person chose. */
const dark = matchMedia('(prefers-color-scheme: dark)');
function theme() {
  let chosen = new URLSearchParams(location.search).get('theme');
  try { chosen = chosen || localStorage.getItem('theme'); } catch { /* storage may be off */ }
  document.documentElement.dataset.theme = chosen || (dark.matches ? 'dark' : 'light');
}
dark.addEventListener('change', () => { theme(); go(); });
document.getElementById('theme').addEventListener('click', () => {
  const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  try { localStorage.setItem('theme', next); } catch { /* storage may be off */ }
  document.documentElement.dataset.theme = next;
  go();
});

theme();
addEventListener('hashchange', go);
go();
