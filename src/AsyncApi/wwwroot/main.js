// What the address names is shown; leaving it ends all that it had begun.
import { setText } from './dom.js';
import { problem } from './parts.js';
import { showFetch } from './views/fetch.js';
import { showHosts } from './views/hosts.js';
import { showJobs } from './views/jobs.js';
import { showLoadTest, showLoadTests } from './views/load-tests.js';
import { showPattern, showPatterns } from './views/patterns.js';

const views = [
  [/^\/?$/, showJobs],
  [/^\/fetches\/([\w-]+)$/, showFetch],
  [/^\/load-tests$/, showLoadTests],
  [/^\/load-tests\/([\w-]+)$/, showLoadTest],
  [/^\/hosts$/, showHosts],
  [/^\/patterns$/, showPatterns],
  [/^\/patterns\/([\w-]+)$/, showPattern],
];

const view = document.getElementById('view');
let leaving = new AbortController();

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const path = location.hash.slice(1);
  for (const link of document.querySelectorAll('header nav a')) {
    const target = link.getAttribute('href').slice(1);
    const here = target === '/' ? /^\/?$|^\/fetches/.test(path) : path.startsWith(target);
    link.toggleAttribute('aria-current', here);
  }
  view.replaceChildren();
  try {
    const [match, draw] = views.map(([form, draw]) => [form.exec(path), draw]).find(([match]) => match) ?? [[], showJobs];
    await draw(view, signal, match[1]);
  } catch (error) {
    if (!signal.aborted) view.replaceChildren(problem(error));
  }
}

async function watchHealth() {
  const badge = document.getElementById('health');
  let text = 'unreachable';
  try {
    const response = await fetch('/health/ready');
    const report = await response.json();
    text = response.ok ? 'ready' : Object.entries(report.checks).filter(([, check]) => check.status !== 'ok').map(([name]) => name).join(', ');
  } catch {
    // It is away: that is what the badge says.
  }
  setText(badge, text);
  badge.className = text === 'ready' ? 'ok' : 'bad';
  setTimeout(watchHealth, 5000);
}

addEventListener('hashchange', show);
show();
watchHealth();
