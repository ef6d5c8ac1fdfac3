'use strict';
/* Streams: what comes in and what becomes of it, what waits, what it costs, and the file, which is checked while it is edited. */

VIEWS.streams = {
  ask: () => '/api/v1/streams',
  draw(json, main, rest, context) {
    const names = JSON.stringify(json.streams.map(s => s.name));
    let own = context.charts;
    if (!own || own.key !== 'streams' || own.names !== names || !document.body.contains(own.table)) {
      own = context.charts = {key: 'streams', names, table: el('div', {}), letters: el('div', {}), all: json.streams.map(s => streamOf(s, context))};
      main.replaceChildren(el('h1', {}, 'Streams'), own.table, ...own.all.map(s => s.node), own.letters);
    }
    own.table.replaceChildren(
      table([{name: 'stream', of: s => s.name}, {name: 'topic', of: s => s.topic || 'not declared here'}, {name: 'series', n: true, of: s => s.series || 0}, {name: 'scores', n: true, of: s => s.outcomes}, {name: 'a second', n: true, of: s => number(s.rate || 0)}, {name: 'newest step', of: s => time(s.newest)}, {name: 'networks', wrap: true, of: s => (s.networks || []).join(', ') || '–'}], json.streams),
      ...waiting(json));
    json.streams.forEach((s, i) => own.all[i].update(s));
    own.letters.replaceChildren(el('h2', {}, 'Newest dead letters'),
      json.dead_letters.length ? table([{name: 'when', of: d => time(d.time)}, {name: 'stream', of: d => d.stream || '–'}, {name: 'role', of: d => d.role || '–'}, {name: 'reason', of: d => d.reason || '–'}, {name: 'detail', wrap: true, of: d => d.detail || ''}], json.dead_letters) : el('p', {class: 'good'}, 'None: every record could be used.'));
  },
};

/* What each role has still to read. */
function waiting(json) {
  const said = (json.lag || []).length ? [el('h2', {}, 'Records that wait'), table([{name: 'for', of: l => l.role}, {name: 'on', of: l => l.topic}, {name: 'records', n: true, of: l => l.records}], json.lag)] : [];
  return json.lag_why ? [...said, el('p', {class: 'quiet'}, json.lag_why)] : said;
}

function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (value < 10 && unit ? value.toFixed(1) : Math.round(value)) + ' ' + units[unit];
}

/* One stream: its outcomes with rates, its cost, and its file. The file's field stays while the rest is renewed. */
function streamOf(stream, context) {
  const outcomes = el('div', {});
  const cost = el('div', {});
  const node = el('section', {class: 'card network'}, el('h2', {}, stream.name + (stream.about ? ': ' + stream.about : '')), outcomes, cost, stream.file ? editor(stream, context) : null);
  return {
    node,
    update(s) {
      const rows = kind => Object.entries(s[kind] || {}).map(([name, count]) => ({kind, name, count, rate: ((s.rates || {})[kind] || {})[name] || 0}));
      const all = [...rows('statuses'), ...rows('reasons')];
      outcomes.replaceChildren(all.length ? table([{name: 'what became of it', of: r => r.kind === 'reasons' ? 'for ' + r.name : r.name}, {name: 'scores', n: true, of: r => r.count}, {name: 'share', n: true, of: r => number(100 * r.count / s.outcomes) + ' %'}, {name: 'a second', n: true, of: r => number(r.rate)}], all) : el('p', {class: 'quiet'}, 'Nothing has come of it yet.'));
      const c = s.cost;
      cost.replaceChildren(...(c ? [el('h3', {}, 'What it costs'), el('dl', {class: 'facts'},
        [['written for an event', bytes(c.event_bytes)], ['written now', bytes(c.bytes_a_second) + ' a second'], ['heap of ' + (s.series || 0) + ' series', bytes(c.heap_bytes)], ['to restore', bytes(c.stored_bytes)], ['multiply-adds a step', number(c.multiply_adds)]].map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))))] : []));
    },
  };
}

/* The file in a field: half a second after the last key the server reads it as `tidemark streams check` does. Nothing is written. */
function editor(stream, context) {
  const text = el('textarea', {class: 'file', rows: 18, spellcheck: 'false', autocapitalize: 'off', 'aria-label': 'File of stream ' + stream.name});
  text.value = stream.file;
  const said = el('div', {class: 'said', role: 'status'});
  let timer = 0;
  let number = 0;
  const post = what => fetch(location.origin + '/api/v1/' + what, {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Tidemark-Console': '1'}, body: JSON.stringify({file: text.value})});
  const check = async () => {
    const mine = ++number;
    let answer;
    let json;
    try {
      answer = await post('check-stream');
      json = await answer.json();
    } catch (problem) {
      json = {detail: problem.message};
    }
    if (mine !== number) return;
    if (answer && answer.status === 429) { timer = setTimeout(check, 1000); return; }
    if (!answer || !answer.ok) { said.replaceChildren(el('p', {class: 'quiet'}, json.detail)); return; }
    const jump = line => () => {
      const before = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
      text.focus();
      text.setSelectionRange(before, before + (text.value.split('\n')[line - 1] || '').length);
      text.scrollTop = Math.max(0, (line - 6) * text.scrollHeight / text.value.split('\n').length);
    };
    said.replaceChildren(json.valid ? el('div', {}, el('p', {class: 'good'}, 'It is valid.'), el('pre', {tabindex: '0'}, json.cost))
      : el('ul', {class: 'problems'}, json.problems.map(p => el('li', {}, p.line ? el('button', {type: 'button', onclick: jump(p.line)}, 'line ' + p.line) : '', ' ' + p.message))));
  };
  const tried = el('div', {class: 'said', role: 'status'});
  const attempt = async () => {
    tried.replaceChildren(el('p', {class: 'quiet'}, 'The newest records are read…'));
    let said;
    try {
      const answer = await post('try-stream');
      const json = await answer.json();
      said = answer.ok ? [el('p', {}, json.records + ' records: ' + Object.entries(json.outcomes).map(([name, count]) => count + ' ' + name).join(', ') + (json.bad_values ? '; ' + json.bad_values + ' values are not numbers and would be missing' : '')),
        table([{name: 'record', of: r => r.partition + '/' + r.offset}, {name: 'outcome', of: r => r.outcome}, {name: 'series', of: r => r.series}, {name: 'time', of: r => time(r.time)}, {name: 'values, or why not', wrap: true, of: r => r.detail}], json.rows)] : [el('p', {class: 'quiet'}, json.detail)];
    } catch (problem) {
      said = [el('p', {class: 'quiet'}, problem.message)];
    }
    tried.replaceChildren(...said);
  };
  text.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(check, 500); });
  return el('details', {'data-of': stream.name}, el('summary', {}, 'File'),
    el('p', {class: 'quiet'}, 'Change it here to see what would be wrong, then put it into the file itself: nothing here is written.'), text, said,
    context.mayChange ? el('div', {class: 'actions'}, el('button', {type: 'button', class: 'try', onclick: attempt}, 'Try it on the newest records')) : null, tried);
}
