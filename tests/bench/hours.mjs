// hours.mjs FOLDER SECONDS - nanoseconds of a working-time question asked of two npm libraries, printed as R lines.
// FOLDER holds their node_modules. Nine to six, Monday to Friday, with the questions of calendar.c: up to 160 working
// hours are added, and the spans are of up to 30 days. Each library must first answer one question rightly.
import { createRequire } from 'node:module';
const [folder, seconds] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
process.env.TZ = 'UTC';

const dayjs = require('dayjs');
dayjs.extend(require('dayjs-business-time'));
const open = [{ start: '09:00:00', end: '18:00:00' }];
dayjs.setBusinessTime({
  sunday: null, monday: open, tuesday: open, wednesday: open, thursday: open, friday: open, saturday: null,
});

const moment = require('moment-business-time');
const hours = ['09:00:00', '18:00:00'];
moment.updateLocale('en', { workinghours: { 0: null, 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: null } });

const libraries = {
  'dayjs-business-time': {
    add: (t, minutes) => dayjs(t).addBusinessMinutes(minutes).valueOf(),
    between: (from, to) => dayjs(to).businessMinutesDiff(dayjs(from)),
  },
  'moment-business-time': {
    add: (t, minutes) => moment(t).addWorkingTime(minutes, 'minutes').valueOf(),
    between: (from, to) => moment(to).workingDiff(moment(from), 'minutes'),
  },
};

const MINUTE = 60_000, DAY = 86_400_000;
const from = Date.UTC(2019, 0, 7), span = 3285 * DAY;   // a Monday
const any = (n) => Math.floor(Math.random() * n);
const questions = {
  add: (library) => library.add(from + any(span), any(9600)),
  between: (library) => { const t = from + any(span); return library.between(t, t + any(30 * DAY)); },
};

for (const [name, library] of Object.entries(libraries)) {
  const friday = Date.UTC(2019, 0, 11, 17), monday = Date.UTC(2019, 0, 14, 10);
  if (library.add(friday, 120) !== monday || Math.abs(library.between(friday, monday)) !== 120)
    throw new Error(`${name} answers otherwise than expected`);
  for (const [what, ask] of Object.entries(questions)) {
    let n = 0;
    const start = performance.now(), end = start + seconds * 1000;
    while (performance.now() < end) { ask(library); n++; }
    console.log(['R', name, what, 'ns', ((performance.now() - start) * 1e6 / n).toFixed(1)].join('\t'));
  }
}
