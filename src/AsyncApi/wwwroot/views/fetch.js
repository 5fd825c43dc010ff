import { follow, get, send } from '../api.js';
import { stackedBar, sparkline } from '../charts.js';
import { h, onFrame } from '../dom.js';
import { bytes, count, isOver, time, took, words } from '../format.js';
import { action, field, form, pill, tile } from '../parts.js';

const LATEST = 100;
const SECONDS_DRAWN = 120;

// One fetch: how far it is, why the rest waits, what came.
export async function showFetch(view, signal, id) {
  const head = h('div', { class: 'head' });
  const said = h('div');
  const summary = h('section', { class: 'card' });
  const body = h('tbody');
  const only = h('select', { onchange: showResults, 'aria-label': 'Which results' },
    h('option', { value: '' }, 'the latest results'), ['failed', 'cancelled', 'succeeded'].map(outcome => h('option', { value: outcome }, `${outcome}, the first ${LATEST}`)));
  const rates = [];
  let fetch = await get(`/fetches/${id}`, signal);
  let before = null;
  let results = [];
  const limits = h('details', { class: 'card' }, h('summary', null, 'Change its limits'), form(change, 'Change',
    field('At once', h('input', { name: 'concurrency', type: 'number', min: 1, max: 5000, value: fetch.options.concurrency })),
    field('At once to one host', h('input', { name: 'perHost', type: 'number', min: 1, max: 1000, value: fetch.options.perHost.concurrency })),
    field('Starts a second to one host', h('input', { name: 'rate', type: 'number', min: 0, max: 10000, step: 'any', value: fetch.options.perHost.requestsPerSecond }), '0 is no limit')));
  view.append(head, said, summary, limits, h('div', { class: 'filters' }, only),
    h('table', { class: 'results' }, h('thead', null, h('tr', null, ['#', 'Outcome', 'Took', 'Size', 'URL'].map(name => h('th', null, name)))), body));

  const drawResults = onFrame(() => body.replaceChildren(...results.map(row)));
  draw();
  showResults();
  let busy = false;
  follow(`/jobs/${id}/events`, { progress: refreshSoon, status: refreshSoon, end: (_, source) => { source.close(); refreshSoon(); } }, signal);
  const clock = setInterval(() => { if (!isOver(fetch.status)) refreshSoon(); }, 1000);
  signal.addEventListener('abort', () => clearInterval(clock));

  // Events come several times a second; the numbers are asked for once.
  function refreshSoon() {
    if (busy) return;
    busy = true;
    setTimeout(async () => {
      busy = false;
      try {
        fetch = await get(`/fetches/${id}`, signal);
        draw();
      } catch {
        // The badge says that it is away.
      }
    }, 500);
  }

  function draw() {
    const { counts, waiting, latencyMs } = fetch;
    const done = counts.succeeded + counts.failed + counts.cancelled;
    const now = performance.now();
    if (before && now - before.at > 900 && !isOver(fetch.status)) {
      rates.push(Math.round((done - before.done) / (now - before.at) * 1000));
      before = { done, at: now };
    }
    before ??= { done, at: now };
    head.replaceChildren(h('h2', null, fetch.label ?? 'Fetch'), pill(fetch.status), ...buttons(), h('small', null, id));
    const waits = Object.entries(waiting).filter(([, value]) => value > 0);
    summary.replaceChildren(...[
      fetch.error && h('p', { class: 'problem' }, fetch.error),
      stackedBar([
        { name: 'succeeded', value: counts.succeeded, class: 'completed' }, { name: 'failed', value: counts.failed, class: 'failed' },
        { name: 'cancelled', value: counts.cancelled, class: 'cancelled' }, { name: 'running', value: counts.running, class: 'running' },
        { name: 'pending', value: counts.pending, class: 'pending' }]),
      waits.length > 0 && h('p', { class: 'hint' }, 'Waiting for: ', waits.map(([name, value]) => h('span', { class: 'key' }, `${words(name)} `, h('b', null, count(value))))),
      h('div', { class: 'tiles' },
        tile('requests', count(counts.total)), tile('took', time(took(fetch))), tile('retries', count(fetch.retries)), tile('received', bytes(fetch.bytes)),
        latencyMs && ['p50', 'p90', 'p99', 'max'].map(name => tile(name, time(latencyMs[name])))),
      rates.length > 1 && sparkline(rates.slice(-SECONDS_DRAWN), 'Results a second:'),
    ].filter(Boolean));
    limits.hidden = isOver(fetch.status);
  }

  function buttons() {
    const act = (label, path) => action(label, async () => { await send('POST', path); refreshSoon(); }, said);
    if (!isOver(fetch.status)) {
      return [
        fetch.status === 'paused' ? act('Resume', `/jobs/${id}/resume`) : act('Pause', `/jobs/${id}/pause`),
        act('Cancel', `/jobs/${id}/cancel`),
      ];
    }
    return [
      fetch.counts.failed + fetch.counts.cancelled > 0 && action('Try the rest again', async () => {
        location.hash = `#/fetches/${(await send('POST', `/fetches/${id}/retry`)).id}`;
      }, said),
      h('a', { class: 'button', href: `/fetches/${id}/results`, target: '_blank' }, 'JSON'),
    ].filter(Boolean);
  }

  async function change({ concurrency, perHost, rate }) {
    fetch = await send('PATCH', `/fetches/${id}`, {
      concurrency: Number(concurrency), perHost: { concurrency: Number(perHost), requestsPerSecond: Number(rate ?? 0) },
    });
    draw();
  }

  async function showResults() {
    results = [];
    drawResults();
    if (only.value) {
      results = (await get(`/fetches/${id}/results?outcome=${only.value}&limit=${LATEST}`, signal)).items;
      drawResults();
    } else {
      await followLatest();
    }
  }

  // A fast fetch has thousands of results a second: a hundred of them at a time are looked at.
  async function followLatest() {
    let isEnd = false;
    while (!signal.aborted && !only.value && !isEnd) {
      const done = fetch.counts.succeeded + fetch.counts.failed + fetch.counts.cancelled;
      const after = Math.max(results[0]?.seq ?? 0, done - LATEST, 0);
      isEnd = await new Promise(resolve => {
        const over = new AbortController();
        const stop = end => {
          over.abort();
          resolve(end);
        };
        let seen = 0;
        const source = follow(`/fetches/${id}/results?after=${after}`, {
          result: result => {
            results = [result, ...results].slice(0, LATEST);
            drawResults();
            if (++seen >= LATEST) stop(false);
          },
          // 204 where everything was seen.
          error: () => { if (source.readyState === EventSource.CLOSED) stop(true); },
          end: () => stop(true),
        }, over.signal);
        signal.addEventListener('abort', () => stop(true), { signal: over.signal });
        only.addEventListener('change', () => stop(true), { signal: over.signal });
      });
      if (!isEnd) await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }

  function row(result) {
    const state = { succeeded: 'completed', failed: 'failed', cancelled: 'cancelled' }[result.outcome];
    return h('tr', null,
      h('td', { class: 'number' }, result.index),
      h('td', { title: result.message ?? '' }, h('span', { class: `pill back-${state}` }, result.status ?? words(result.reason ?? result.outcome))),
      h('td', { class: 'number' }, time(result.durationMs), result.attempts > 1 && h('small', null, ` ×${result.attempts}`)),
      h('td', { class: 'number' }, result.bodyBytes > 0 ? h('a', { href: `/fetches/${id}/results/${result.index}/body` }, bytes(result.bodyBytes)) : '–'),
      h('td', { class: 'url' }, result.url, result.tag && h('small', null, ` ${result.tag}`)));
  }
}
