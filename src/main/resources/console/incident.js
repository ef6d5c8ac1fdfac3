'use strict';
/* Incidents, and one of them: its series in its own time, what a person may do with it, and past ones that are like it. */

VIEWS.incidents = {
  ask: () => '/api/v1/incidents',
  draw(json, main) {
    main.replaceChildren(el('h1', {}, 'Incidents'), ...(json.incidents.length ? json.incidents.map(incidentCard) : [el('p', {class: 'quiet'}, 'There has been none.')]));
  },
};

VIEWS.incident = {
  ask: ([id]) => ['/api/v1/incident?id=' + encodeURIComponent(id), '/api/v1/incident-points?id=' + encodeURIComponent(id)],
  draw(incident, main, [id], context) {
    let own = context.charts;
    if (!own || own.key !== 'incident/' + id || !document.body.contains(own.head)) {
      own = context.charts = {key: 'incident/' + id, head: el('div', {}), time: el('div', {}), tail: el('div', {}), drawn: ''};
      main.replaceChildren(own.head, own.time, own.tail);
    }
    this.head(incident, id, context, own.head);
    this.time(incident, context.more[0], own);
    this.tail(incident, own.tail);
  },
  head(incident, id, context, head) {
    const over = incident.until != null;
    head.replaceChildren(
      meta(badge(incident.severity, incident.severity), badge(incident.state, over ? 'ok' : 'plain'), incident.silenced ? badge('silenced', 'plain') : null, incident.group, 'since ' + time(incident.since), over ? 'until ' + time(incident.until) + ' (' + lasted(incident.since, incident.until) + ')' : null, incident.who ? 'taken by ' + incident.who + (incident.note ? ': ' + incident.note : '') : null),
      el('h1', {}, incident.summary),
      el('div', {class: 'cards'}, card('series', incident.series_count), card('still open', incident.open_count), card('rarer than the budget', power(incident.excess), 'times'),
        card('moved first, ' + Math.round(100 * incident.first.confidence) + ' % sure', incident.first.series)),
      actions(incident, id, context), el('div', {id: 'said', role: 'status'}, context.said || ''));
  },
  /* Charts stay while they show the same series and features; else they are made anew. */
  time(incident, moment, own) {
    const part = s => incident.series.find(p => p.stream === s.stream && p.series === s.series) || incident;
    const shown = moment.series.map(s => ({...s, incidents: [{since: part(s).since, until: part(s).until || incident.until}]}));
    const drawn = JSON.stringify(shown.map(s => [s.stream, s.series, s.features.map(f => f.name)]));
    if (drawn !== own.drawn) {
      own.drawn = drawn;
      own.why = el('p', {class: 'quiet'});
      own.frames = el('div', {});
      own.moments = shown.map(momentOf);
      own.time.replaceChildren(el('h2', {}, 'Its time, the most severe series first'), legend(['value', 'expected', 'band', 'score', 'incident']), own.why, el('div', {class: 'moments'}, own.moments.map(m => m.node)), own.frames);
      own.moments.forEach((m, i) => m.draw(shown[i]));
    } else own.moments.forEach((m, i) => m.update(shown[i]));
    own.why.textContent = moment.why || (moment.complete || shown.length ? '' : 'Its time is being read…');
    own.why.hidden = !own.why.textContent;
    own.frames.replaceChildren(...(moment.pictures.length ? [el('h2', {}, 'Frames of its time'), pictures(moment.pictures, incident.id)] : []));
  },
  tail(incident, tail) {
    const rows = incident.series.map(s => ({...s, href: path('series', s.stream, s.series)}));
    tail.replaceChildren(
      el('h2', {}, 'Series, the most severe first'),
      table([{name: 'series', of: seriesLink}, {name: 'feature', of: s => s.feature || '–'}, {name: 'value', n: true, of: s => number(s.value)}, {name: 'expected', n: true, of: s => number(s.lower) + ' to ' + number(s.upper)},
        {name: 'share', n: true, of: s => s.contribution == null ? '–' : Math.round(s.contribution) + ' %'}, {name: 'kind', of: s => s.kind}, {name: 'rarity', n: true, of: s => '1 in ' + power(s.return_level)}, {name: 'since', of: s => time(s.since)}, {name: 'until', of: s => s.until ? time(s.until) : 'open'}], rows),
      ...seenBefore(incident.similar || []),
      el('p', {class: 'quiet'}, incident.id));
  },
};

/* One series in an incident's time: its values and score over it, and which features were strange. */
function momentOf(series) {
  const plots = el('div', {});
  const shares = el('div', {});
  const node = el('section', {class: 'moment'}, el('h3', {}, seriesLink(series)), plots, shares);
  let all = [];
  const said = next => {
    const has = bars(next);
    shares.replaceChildren(...(has && next.contribution.length > 1 ? [el('h4', {}, 'what was strange'), has] : []));
  };
  return {
    node,
    draw(json) { all = json.features.map((f, i) => featureChart(plots, json, i, 112, true)).concat(scoreChart(plots, json, 112)); said(json); },
    update(next) { all.forEach(chart => chart.update(next)); said(next); },
  };
}

/* What a person may do with an incident: take it, say what its series were, silence its group. */
function actions(incident, id, context) {
  const box = el('div', {class: 'actions'});
  if (!context.mayChange) {
    box.append(el('span', {class: 'quiet'}, 'Read-only: start the console with --console-auth to acknowledge, label or silence here.'));
    return box;
  }
  const kept = context.kept;
  const note = el('input', {id: 'note', placeholder: 'Note', 'aria-label': 'Note', maxlength: 500, oninput: () => { kept.note = note.value; }});
  note.value = kept.note || '';
  if (incident.until == null) box.append(note, el('button', {class: 'main', id: 'acknowledge', onclick: () => context.change('acknowledge', {incident: id, note: note.value}, 'It is yours.')}, 'Acknowledge'));
  else box.append(note);
  const name = s => s.stream + '/' + s.series;
  const parts = incident.series;
  const which = el('select', {id: 'which', 'aria-label': 'Series to label', onchange: () => { kept.which = which.value; }},
    parts.map(s => el('option', {value: name(s)}, name(s))), parts.length > 1 ? el('option', {value: ''}, 'all ' + parts.length + ' listed') : null);
  which.value = kept.which ?? (parts.some(s => name(s) === name(incident.first)) ? name(incident.first) : name(parts[0]));
  const say = label => async () => {
    const chosen = parts.filter(s => which.value === '' || name(s) === which.value);
    const said = (chosen.length === 1 ? chosen[0].series + ' was' : chosen.length + ' series were') + ' labelled ' + label + '.';
    for (const s of chosen) {
      if (!await context.change('feedback', {stream: s.stream, series: s.series, from: s.since, to: s.until || incident.time, label, note: note.value}, said)) return;
    }
  };
  box.append(which, el('button', {id: 'normal', onclick: say('normal')}, 'Was normal'), el('button', {id: 'anomaly', onclick: say('anomaly')}, 'Was an anomaly'),
    el('button', {id: 'silence', onclick: () => context.change('silence', {group: incident.group, minutes: 60, note: note.value}, incident.group + ' is silenced for an hour.')}, 'Silence ' + incident.group + ' for 1 h'));
  return box;
}

/* Past incidents that are like one, with what people said of them. */
function seenBefore(similar) {
  if (!similar.length) return [];
  const said = (who, note) => [who, note].filter(Boolean).join(': ');
  return [el('h2', {}, 'Seen before'),
    table([{name: 'incident', of: p => el('a', {href: path('incident', p.incident)}, time(p.since))}, {name: 'similarity', n: true, of: p => number(p.similarity)},
      {name: 'label', wrap: true, of: p => p.label ? [badge(p.label, p.label === 'normal' ? 'ok' : 'critical'), ' ' + said(p.label_who, p.label_note)] : '–'},
      {name: 'taken by', wrap: true, of: p => said(p.who, p.note) || '–'}, {name: 'id', of: p => p.incident}], similar.map(p => ({...p, href: path('incident', p.incident)})))];
}
