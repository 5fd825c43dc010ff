// Pictures of numbers, as SVG. Colours are classes, so that the style sheet knows them alone.
import { h, svg } from './dom.js';
import { count, time } from './format.js';

const WIDTH = 1000;

// Parts of a whole, side by side, with their names and numbers below.
export function stackedBar(parts) {
  const total = parts.reduce((sum, part) => sum + part.value, 0) || 1;
  let x = 0;
  const bars = parts.filter(part => part.value > 0).map(part => {
    const width = part.value / total * WIDTH;
    const bar = svg('rect', { x, y: 0, width, height: 24, class: `fill-${part.class}` }, svg('title', null, `${part.name} ${count(part.value)}`));
    x += width;
    return bar;
  });
  return h('figure', null,
    svg('svg', { viewBox: `0 0 ${WIDTH} 24`, preserveAspectRatio: 'none', class: 'bar', role: 'img', 'aria-label': parts.map(part => `${part.name} ${part.value}`).join(', ') }, bars),
    h('figcaption', null, parts.map(part => h('span', { class: 'key' }, h('i', { class: `dot back-${part.class}` }), `${part.name} `, h('b', null, count(part.value))))));
}

// Values over time, the latest on the right.
export function sparkline(values, label) {
  const height = 80;
  const top = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(height - value / top * (height - 6)).toFixed(1)}`);
  return h('figure', null,
    svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', class: 'spark', role: 'img', 'aria-label': `${label}: ${count(values.at(-1) ?? 0)}` },
      svg('polygon', { points: `0,${height} ${points.join(' ')} ${WIDTH},${height}`, class: 'area' }),
      svg('polyline', { points: points.join(' '), class: 'line' })),
    h('figcaption', null, label, ' ', h('b', null, count(values.at(-1) ?? 0)), ` now, ${count(top)} at most`));
}

// How many values lie under each bound. The bounds grow by a factor, so each bar is as wide as the next.
export function histogram(buckets) {
  const height = 160;
  const top = Math.max(...buckets.map(bucket => bucket.count), 1);
  const width = WIDTH / Math.max(buckets.length, 1);
  return h('figure', null,
    svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', class: 'histogram', role: 'img', 'aria-label': 'Latencies' }, buckets.map((bucket, i) => {
      const bar = Math.max(bucket.count / top * (height - 4), 1);
      return svg('rect', { x: i * width + 1, y: height - bar, width: Math.max(width - 2, 1), height: bar, class: 'fill-running' },
        svg('title', null, `${count(bucket.count)} up to ${time(bucket.upToMs)}`));
    })),
    h('figcaption', { class: 'axis' }, [0, 0.25, 0.5, 0.75, 1].map(share =>
      h('span', null, buckets.length ? time(buckets[Math.round(share * (buckets.length - 1))].upToMs) : ''))));
}

// Who ran when: a row for each lane, a mark for each event.
export function timeline(spans, events, nowMs) {
  const lanes = [...new Set([...spans.map(span => span.lane), ...events.map(event => event.task)])];
  const end = Math.max(nowMs, ...spans.map(span => span.endMs ?? 0), ...events.map(event => event.atMs), 1);
  const left = 170;
  const scale = (WIDTH - left - 10) / end;
  const row = 26;
  const y = lane => lanes.indexOf(lane) * row + 4;
  const height = lanes.length * row + 24;
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, class: 'timeline', role: 'img', 'aria-label': 'Who ran when' },
    [0, 0.25, 0.5, 0.75, 1].map(share => [
      svg('line', { x1: left + share * end * scale, x2: left + share * end * scale, y1: 0, y2: height - 20, class: 'grid' }),
      svg('text', { x: left + share * end * scale, y: height - 6, class: 'tick', 'text-anchor': share === 1 ? 'end' : 'middle' }, time(share * end)),
    ]),
    lanes.map(lane => svg('text', { x: left - 8, y: y(lane) + 14, class: 'lane', 'text-anchor': 'end' }, lane.length > 24 ? `${lane.slice(0, 23)}…` : lane)),
    spans.map(span => svg('rect', {
      x: left + span.startMs * scale, y: y(span.lane), width: Math.max(((span.endMs ?? nowMs) - span.startMs) * scale, 2), height: 18, rx: 4,
      class: `fill-${span.outcome ?? 'running'}`,
    }, svg('title', null, `${span.task}: ${time(span.startMs)} to ${span.endMs ? `${time(span.endMs)}, ${span.outcome}` : 'now'}`))),
    events.map(event => svg('circle', { cx: left + event.atMs * scale, cy: y(event.task) + 9, r: 5, class: 'mark' }, svg('title', null, `${time(event.atMs)} ${event.message}`))));
}
