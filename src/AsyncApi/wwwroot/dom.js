// Makes elements. Text is always text: whatever an answer holds, nothing of it becomes markup.

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (name, props, ...children) => fill(document.createElement(name), props, children);

export const svg = (name, props, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), props, children);

// Leaves an element alone when nothing about it changed, so that a reader's selection and focus survive.
export function setText(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

// At most one call for each picture that is drawn, however much happens in between.
export function onFrame(draw) {
  let waits = false;
  return () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      draw();
    });
  };
}
