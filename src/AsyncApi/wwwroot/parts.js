// What several views are made of.
import { h } from './dom.js';
import { words } from './format.js';

export const pill = status => h('span', { class: `pill back-${status}` }, words(status));

export const tile = (name, value) => h('div', { class: 'tile' }, h('b', null, value), h('span', null, name));

export const field = (name, control, hint) => h('label', null, h('span', null, name), control, hint && h('small', null, hint));

export function problem(error) {
  return h('div', { class: 'problem', role: 'alert' }, h('p', null, error.message), error.faults?.length > 0 && h('ul', null, error.faults.map(fault => h('li', null, fault))));
}

// A form that says what is wrong and can't be sent twice at once.
export function form(submit, label, ...fields) {
  const button = h('button', null, label);
  const said = h('div');
  return h('form', {
    onsubmit: async event => {
      event.preventDefault();
      button.disabled = true;
      said.replaceChildren();
      try {
        await submit(Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== '')), event.target);
      } catch (error) {
        said.replaceChildren(problem(error));
      } finally {
        button.disabled = false;
      }
    },
  }, fields, button, said);
}

// A button whose click may fail; what it then says stands in place of nothing else.
export function action(label, act, said) {
  return h('button', {
    type: 'button',
    class: 'quiet',
    onclick: async event => {
      event.target.disabled = true;
      try {
        await act();
        said?.replaceChildren();
      } catch (error) {
        said?.replaceChildren(problem(error));
      } finally {
        event.target.disabled = false;
      }
    },
  }, label);
}
