const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Turns the times of a tree into the reader's own: the clock for today, with the day for everything else. */
export function localTimes(root) {
  for (const element of root.querySelectorAll('time[data-style]')) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const today = at.toDateString() === new Date().toDateString();
    element.textContent = today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
    element.title = whole.format(at);
  }
}
