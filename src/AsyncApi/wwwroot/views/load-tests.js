import { follow, get, send } from '../api.js';
import { histogram } from '../charts.js';
import { h } from '../dom.js';
import { ago, count, isOver, time } from '../format.js';
import { action, field, form, pill, tile } from '../parts.js';

// The form for a new one, and those there are.
export async function showLoadTests(view, signal) {
  const body = h('tbody');
  const number = (name, min, max, placeholder, step = 1) => h('input', { name, type: 'number', min, max, step, placeholder });
  view.append(
    h('section', { class: 'card' }, h('h2', null, 'New load test'), form(submit, 'Start',
      field('URL', h('input', { name: 'url', type: 'url', required: true, value: `${location.origin}/health/live` }), 'the service itself, or a host that the operator allows'),
      field('Requests', number('requests', 1, 1_000_000, 1000)),
      field('At once', number('concurrency', 1, 200, 50)),
      field('Seconds at most', number('durationSeconds', 0.1, 60, 60, 'any')),
      field('Starts a second', number('requestsPerSecond', 0.1, 10_000, '', 'any'), 'empty: the next starts when one has ended'))),
    h('table', null, h('thead', null, h('tr', null, ['Load test', 'Status', 'Requests', 'Created'].map(name => h('th', null, name)))), body));
  for (const job of (await get('/jobs?kind=loadTest&limit=50', signal)).items) {
    body.append(h('tr', null,
      h('td', null, h('a', { href: `#/load-tests/${job.id}` }, job.id)), h('td', null, pill(job.status)),
      h('td', { class: 'number' }, count(job.progress.done)), h('td', { class: 'number' }, `${ago(job.createdAt)} ago`)));
  }

  async function submit({ url, ...numbers }) {
    const test = await send('POST', '/load-tests', { url, ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])) });
    location.hash = `#/load-tests/${test.id}`;
  }
}

// What one has come to, so far.
export async function showLoadTest(view, signal, id) {
  const head = h('div', { class: 'head' });
  const said = h('div');
  const figures = h('section', { class: 'card' });
  view.append(head, said, figures);
  draw(await get(`/load-tests/${id}`, signal));
  const refresh = async () => draw(await get(`/load-tests/${id}`, signal));
  follow(`/jobs/${id}/events`, { progress: refresh, status: refresh, end: (_, source) => { source.close(); refresh(); } }, signal);

  function draw(test) {
    head.replaceChildren(...[
      h('h2', null, test.method, ' ', h('span', { class: 'url' }, test.url)), pill(test.status),
      !isOver(test.status) && action('Cancel', () => send('POST', `/jobs/${id}/cancel`), said),
      h('small', null, test.plan.requestsPerSecond ? `${count(test.plan.requestsPerSecond)} a second, ${test.plan.concurrency} at once at most` : `${test.plan.concurrency} at once`),
    ].filter(Boolean));
    const counted = Object.entries({ ...test.statuses, ...test.reasons });
    figures.replaceChildren(...[
      test.error && h('p', { class: 'problem' }, test.error),
      h('div', { class: 'tiles' },
        tile('requests', count(test.requests)), tile('failed', count(test.failed)), tile('a second', count(test.requestsPerSecond)), tile('MB a second', count(test.megabytesPerSecond)),
        tile('took', time(test.elapsedSeconds * 1000)), test.plan.requestsPerSecond && tile('started late', count(test.startedLate))),
      test.latencyMs && h('div', { class: 'tiles' }, ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'].map(name => tile(name, time(test.latencyMs[name])))),
      test.histogram.length > 0 && histogram(test.histogram),
      counted.length > 0 && h('p', { class: 'hint' }, counted.map(([name, value]) => h('span', { class: 'key' }, `${name} `, h('b', null, count(value))))),
    ].filter(Boolean));
  }
}
