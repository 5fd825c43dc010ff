import { get, send } from '../api.js';
import { h, setText } from '../dom.js';
import { count } from '../format.js';
import { action, pill } from '../parts.js';

const circuits = { closed: 'completed', open: 'failed', halfOpen: 'paused' };

// What the service knows of the hosts it calls, every two seconds.
export async function showHosts(view, signal) {
  const body = h('tbody');
  const said = h('div');
  const rows = new Map();
  const empty = h('p', { class: 'hint' }, 'No host is in use, held back or limited now.');
  view.append(said,
    h('table', null, h('thead', null, h('tr', null, ['Host', 'Running', 'Waiting', 'Circuit', 'Left alone until', 'At once', 'Starts a second', ''].map(name => h('th', null, name)))), body),
    empty);
  await refresh();
  const clock = setInterval(() => refresh().catch(() => { /* The badge says that it is away. */ }), 2000);
  signal.addEventListener('abort', () => clearInterval(clock));

  async function refresh() {
    const { items } = await get('/hosts', signal);
    const names = new Set(items.map(host => host.host));
    for (const [name, row] of rows) {
      if (!names.has(name)) {
        row.element.remove();
        rows.delete(name);
      }
    }
    for (const host of items) {
      if (!rows.has(host.host)) {
        rows.set(host.host, makeRow(host));
        body.append(rows.get(host.host).element);
      }
      rows.get(host.host).update(host);
    }
    empty.hidden = items.length > 0;
  }

  function makeRow(host) {
    const path = `/hosts/${encodeURIComponent(host.host)}`;
    const [running, waiting, circuit, until] = [0, 1, 2, 3].map(() => h('td', { class: 'number' }));
    const atOnce = h('input', { type: 'number', min: 1, max: 100_000, value: host.concurrency, 'aria-label': `At once to ${host.host}` });
    const rate = h('input', { type: 'number', min: 0, max: 10_000, step: 'any', value: host.requestsPerSecond, 'aria-label': `Starts a second to ${host.host}` });
    const set = action('Set', () => send('PATCH', path, { concurrency: Number(atOnce.value), requestsPerSecond: Number(rate.value) }), said);
    const reset = action('Close circuit', async () => { await send('POST', `${path}/reset`); await refresh(); }, said);
    let shown = '';
    return {
      element: h('tr', null, h('td', { class: 'url' }, host.host), running, waiting, circuit, until, h('td', null, atOnce), h('td', null, rate), h('td', { class: 'actions' }, set, reset)),
      update(now) {
        setText(running, count(now.running));
        setText(waiting, count(now.waiting));
        setText(until, now.retryAfterUntil ? new Date(now.retryAfterUntil).toLocaleTimeString() : '–');
        reset.hidden = now.circuit === 'closed';
        if (now.circuit === shown) return;
        shown = now.circuit;
        circuit.replaceChildren(h('span', { class: `pill back-${circuits[shown]}` }, shown === 'halfOpen' ? 'half open' : shown));
      },
    };
  }
}
