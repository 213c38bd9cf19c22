// Filters of the HTML report: without this script everything is shown and readable.

const form = document.querySelector<HTMLFormElement>('#filter');
const groups = [...document.querySelectorAll<HTMLElement>('[data-group]')];
const counter = document.querySelector<HTMLElement>('#shown');

function matches(group: HTMLElement, wanted: FormData): boolean {
  for (const name of ['leg', 'owner', 'severity']) {
    const value = wanted.get(name);
    if (typeof value === 'string' && value !== '' && group.dataset[name] !== value) return false;
  }
  const words = wanted.get('text');
  if (typeof words !== 'string' || words.trim() === '') return true;
  return (group.textContent ?? '').toLowerCase().includes(words.trim().toLowerCase());
}

function apply(): void {
  if (form === null) return;
  const wanted = new FormData(form);
  let shown = 0;
  for (const group of groups) {
    group.hidden = !matches(group, wanted);
    if (!group.hidden) shown += 1;
  }
  if (counter !== null) counter.textContent = `${shown} of ${groups.length} shown`;
}

if (form !== null) {
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
}
