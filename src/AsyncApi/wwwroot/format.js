export const count = number => (number ?? 0).toLocaleString('en');

export const bytes = number => {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  for (; number >= 1000 && unit < units.length - 1; unit++) number /= 1000;
  return `${number.toLocaleString('en', { maximumFractionDigits: unit === 0 ? 0 : 1 })} ${units[unit]}`;
};

export const time = ms => ms === null || ms === undefined ? '–'
  : ms < 1000 ? `${ms.toLocaleString('en', { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`
  : ms < 120_000 ? `${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`
  : ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toLocaleString('en', { maximumFractionDigits: 1 })} h`;

export const ago = text => time(Math.max(0, Date.now() - Date.parse(text)));

// From its start to its end, or to now; null before it starts.
export const took = job => job.startedAt ? Date.parse(job.finishedAt ?? new Date().toISOString()) - Date.parse(job.startedAt) : null;

// camelCase in words.
export const words = text => text.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

export const isOver = status => ['completed', 'failed', 'cancelled', 'timedOut'].includes(status);
