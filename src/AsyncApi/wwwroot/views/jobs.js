import { follow, get, send } from '../api.js';
import { h, onFrame, setText } from '../dom.js';
import { ago, count, isOver, time, took } from '../format.js';
import { action, field, form, pill } from '../parts.js';

const MOST = 200;
const statuses = ['scheduled', 'queued', 'running', 'paused', 'cancelling', 'completed', 'failed', 'cancelled', 'timedOut'];
const select = (name, any, values) => h('select', { name }, h('option', { value: '' }, any), values.map(value => h('option', null, value)));

// All background work, the newest first, live.
export async function showJobs(view, signal) {
  const jobs = new Map();
  const rows = new Map();
  const body = h('tbody');
  const said = h('div');
  const empty = h('p', { class: 'hint' }, 'No jobs yet. Submit a fetch above, or start a load test.');
  let cursor = null;
  let filter = {};
  const draw = onFrame(drawNow);
  const more = action('More', () => load(cursor), said);

  const filters = h('form', { class: 'filters', onchange: reload, onsubmit: event => { event.preventDefault(); reload(); } },
    select('kind', 'all kinds', ['fetch', 'item', 'loadTest']), select('status', 'any status', statuses),
    h('input', { name: 'search', type: 'search', placeholder: 'label contains…', 'aria-label': 'Label contains' }));
  view.append(
    h('details', { class: 'card' }, h('summary', null, 'New fetch'), form(submit, 'Submit',
      field('URLs, one a line', h('textarea', { name: 'urls', rows: 5, required: true, placeholder: 'https://example.com/' })),
      field('Label', h('input', { name: 'label', maxlength: 200 })),
      field('At once', h('input', { name: 'concurrency', type: 'number', min: 1, max: 5000, placeholder: 100 })),
      field('At once to one host', h('input', { name: 'perHost', type: 'number', min: 1, max: 1000, placeholder: 10 })))),
    filters, said,
    h('table', { class: 'jobs' }, h('thead', null, h('tr', null, ['Job', 'Status', 'Progress', 'Took', 'Created', ''].map(name => h('th', null, name)))), body),
    empty, more);

  await load();
  // What happened while the connection was away comes first; a new list is simpler than to tell.
  let wasAway = false;
  follow('/jobs/events', {
    status: take,
    end: take,
    progress: ({ id, done, total }) => { const job = jobs.get(id); if (job) { job.progress = { done, total }; draw(); } },
    error: () => { wasAway = true; },
    open: () => { if (wasAway) { wasAway = false; reload(); } },
  }, signal);
  const clock = setInterval(draw, 1000);
  signal.addEventListener('abort', () => clearInterval(clock));

  async function submit({ urls, label, concurrency, perHost }) {
    const options = { concurrency: concurrency && Number(concurrency), perHost: perHost && { concurrency: Number(perHost) } };
    const fetch = await send('POST', '/fetches', { urls: urls.split(/\s+/).filter(Boolean), label, options });
    location.hash = `#/fetches/${fetch.id}`;
  }

  async function reload() {
    filter = Object.fromEntries([...new FormData(filters)].filter(([, value]) => value !== ''));
    jobs.clear();
    try {
      await load();
    } catch {
      // The badge says that it is away; the events say when it is back.
    }
  }

  async function load(from) {
    const page = await get(`/jobs?${new URLSearchParams({ ...filter, limit: 50, ...(from ? { cursor: from } : {}) })}`, signal);
    page.items.forEach(job => jobs.set(job.id, job));
    cursor = page.nextCursor;
    draw();
  }

  function take(job) {
    if (!jobs.has(job.id) && !matches(job)) return;
    jobs.set(job.id, job);
    draw();
  }

  function matches(job) {
    return (!filter.kind || job.kind === filter.kind) && (!filter.status || job.status === filter.status)
      && (!filter.search || (job.label ?? '').toLowerCase().includes(filter.search.toLowerCase()));
  }

  function drawNow() {
    // An id of version 7 begins with its time.
    const shown = [...jobs.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, MOST);
    const wanted = shown.map(job => {
      const row = rows.get(job.id) ?? makeRow(job);
      rows.set(job.id, row);
      row.update(job);
      return row.element;
    });
    if (wanted.some((element, i) => body.children[i] !== element) || body.children.length !== wanted.length) body.replaceChildren(...wanted);
    for (const id of [...rows.keys()]) if (!jobs.has(id)) rows.delete(id);
    empty.hidden = shown.length > 0;
    more.hidden = cursor === null || shown.length >= MOST;
  }

  function makeRow(job) {
    const name = h('td', null, job.links.resource
      ? h('a', { href: `#${job.links.resource}` }, job.label ?? job.id) : (job.label ?? job.id), h('small', null, ` ${job.kind}`));
    const status = h('td');
    const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Progress' });
    const done = h('span', { class: 'number' });
    const lasted = h('td', { class: 'number' });
    const created = h('td', { class: 'number', title: job.createdAt });
    const actions = h('td', { class: 'actions' });
    const act = (label, verb) => action(label, () => send('POST', `/jobs/${job.id}/${verb}`), said);
    let shown = '';
    return {
      element: h('tr', null, name, status, h('td', { class: 'progress' }, bar, done), lasted, created, actions),
      update(now) {
        bar.value = now.progress.total ? now.progress.done / now.progress.total : 0;
        setText(done, `${count(now.progress.done)} / ${count(now.progress.total)}`);
        setText(lasted, time(took(now)));
        setText(created, `${ago(now.createdAt)} ago`);
        if (now.status === shown) return;
        shown = now.status;
        status.replaceChildren(pill(now.status));
        status.title = now.error ?? '';
        actions.replaceChildren(...(isOver(shown) ? [] : [
          now.kind === 'fetch' && shown !== 'cancelling' && (shown === 'paused' ? act('Resume', 'resume') : act('Pause', 'pause')),
          shown !== 'cancelling' && act('Cancel', 'cancel'),
        ].filter(Boolean)));
      },
    };
  }
}
