// The public API, and nothing else: whatever is shown here any client can have.

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `The service answered ${status}.`);
    this.status = status;
    this.faults = Object.entries(body?.errors ?? {}).flatMap(([path, messages]) => messages.map(message => `${path} ${message}`));
  }
}

async function read(response) {
  const body = response.headers.get('Content-Type')?.includes('json') ? await response.json() : null;
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}

export const get = async (path, signal) => read(await fetch(path, { headers: { Accept: 'application/json' }, signal }));

export const send = async (method, path, body, signal) => read(await fetch(path, {
  method,
  headers: body === undefined ? { Accept: 'application/json' } : { Accept: 'application/json', 'Content-Type': 'application/json' },
  body: body === undefined ? undefined : JSON.stringify(body),
  signal,
}));

// Server-sent events until the signal. The browser connects again by itself, from the last event that it saw.
export function follow(path, handlers, signal) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, event => handle(event.data === undefined ? undefined : JSON.parse(event.data), source));
  }
  signal.addEventListener('abort', () => source.close(), { once: true });
  return source;
}

// The events of a POST, which the browser's own reader of events can't make.
export async function* post(path, body, signal) {
  const response = await fetch(path, {
    method: 'POST', headers: { Accept: 'text/event-stream', 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal,
  });
  if (!response.ok) await read(response);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const field = name => event.split('\n').find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
      if (field('data')) yield { name: field('event'), data: JSON.parse(field('data')) };
    }
  }
}
