import { get, post } from '../api.js';
import { timeline } from '../charts.js';
import { h, onFrame } from '../dom.js';
import { time, words } from '../format.js';
import { field, form, problem } from '../parts.js';

// An error with those that it holds.
const told = error => [`${error.type}: ${error.message}`, ...(error.errors ?? []).map(told)].join('\n  ');

export async function showPatterns(view, signal) {
  view.append(h('p', { class: 'hint' }, 'What asyncio’s tutorials teach, as C#: run each, and see who ran when.'), h('div', { class: 'gallery' },
    (await get('/patterns', signal)).map(pattern => h('a', { class: 'card', href: `#/patterns/${pattern.name}` },
      h('b', null, pattern.title), h('code', null, pattern.asyncio, ' → ', pattern.dotnet), h('span', null, pattern.summary)))));
}

// One pattern: its parameters, its picture while it runs, its source.
export async function showPattern(view, signal, name) {
  const pattern = await get(`/patterns/${name}`, signal);
  const parameters = Object.entries(pattern.parameters.properties ?? {});
  const picture = h('div', { class: 'picture' });
  const outcome = h('pre', { class: 'outcome', hidden: true });
  const log = h('ol', { class: 'log' });
  let run = new AbortController();
  view.append(
    h('div', { class: 'head' }, h('h2', null, pattern.title), h('code', null, pattern.asyncio, ' → ', pattern.dotnet)),
    h('p', null, pattern.summary),
    h('section', { class: 'card' }, form(start, 'Run', parameters.map(([key, schema]) => field(words(key), control(key, schema), schema.description))), picture, outcome, log),
    h('details', { class: 'card', open: true }, h('summary', null, 'Source'), h('pre', null, h('code', null, pattern.source))));
  signal.addEventListener('abort', () => run.abort());

  async function start(_, element) {
    run.abort();
    run = new AbortController();
    const own = run;
    const began = performance.now();
    const spans = [];
    const events = [];
    let isOver = false;
    const draw = onFrame(() => { if (own === run) picture.replaceChildren(timeline(spans, events, isOver ? 0 : performance.now() - began)); });
    const clock = setInterval(draw, 50);
    log.replaceChildren();
    outcome.hidden = true;
    try {
      for await (const { name: kind, data } of post(`/patterns/${name}/runs`, { parameters: given(element) }, own.signal)) {
        if (kind === 'start') spans.push({ ...data });
        else if (kind === 'span') {
          const begun = spans.findIndex(span => span.task === data.task && span.startMs === data.startMs);
          spans.splice(begun < 0 ? spans.length : begun, 1, data);
        } else if (kind === 'event') {
          events.push(data);
          log.append(h('li', null, h('b', null, time(data.atMs)), ` ${data.task}: ${data.message}`));
        } else if (kind === 'end') {
          outcome.textContent = data.error ? `Failed: ${told(data.error)}` : `Result: ${JSON.stringify(data.result, null, 1)}`;
          outcome.hidden = false;
        }
        draw();
      }
    } catch (error) {
      if (!own.signal.aborted) picture.replaceChildren(problem(error));
      return;
    } finally {
      isOver = true;
      clearInterval(clock);
    }
    draw();
  }

  function control(key, schema) {
    if (schema.enum) return h('select', { name: key }, schema.enum.map(value => h('option', { selected: value === schema.default }, value)));
    if (schema.type === 'boolean') return h('input', { name: key, type: 'checkbox', checked: schema.default });
    if (schema.type === 'array') return h('input', { name: key, value: schema.default.join(', ') });
    return schema.type === 'string' ? h('input', { name: key, value: schema.default ?? '' })
      : h('input', { name: key, type: 'number', min: schema.minimum, max: schema.maximum, step: schema.type === 'integer' ? 1 : 'any', value: schema.default });
  }

  function given(element) {
    return Object.fromEntries(parameters.map(([key, schema]) => {
      const input = element.elements[key];
      if (schema.type === 'boolean') return [key, input.checked];
      if (schema.type === 'array') {
        const items = input.value.split(',').map(item => item.trim()).filter(Boolean);
        return [key, schema.items.type === 'string' ? items : items.map(Number)];
      }
      return [key, schema.type === 'string' || schema.enum ? input.value : Number(input.value)];
    }));
  }
}
