import { addDays, type DayRange, isoDay, oneDay, weekdayOf } from './calendar.ts';

/** Days of a holiday in a Gregorian year. */
export type Holiday = (year: number) => DayRange;

const fixed =
  (month: number, day: number, days = 1): Holiday =>
  (year) => ({ from: isoDay(year, month, day), to: isoDay(year, month, day + days - 1) });

/** The fourth Thursday of November. */
const thanksgiving: Holiday = (year) => {
  const first = isoDay(year, 11, 1);
  return oneDay(addDays(first, ((4 - weekdayOf(first) + 7) % 7) + 21));
};

let lunar: Intl.DateTimeFormat | undefined;
const lunarDays = new Map<string, string>();

/**
 * The Gregorian day of a day of the Chinese calendar.
 *
 * @param earliest first Gregorian [month, day] it can fall on; it does so within 35 days
 */
function lunarDay(
  year: number,
  lunarMonth: number,
  day: number,
  earliest: readonly [number, number],
): string {
  const key = `${year}/${lunarMonth}/${day}`;
  const known = lunarDays.get(key);
  if (known !== undefined) return known;
  lunar ??= new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
  const start = isoDay(year, earliest[0], earliest[1]);
  let found = start;
  for (let offset = 0; offset < 35; offset += 1) {
    const candidate = addDays(start, offset);
    if (lunar.format(Date.parse(candidate)) === `${lunarMonth}/${day}`) found = candidate;
  }
  lunarDays.set(key, found);
  return found;
}

/** New Year's Eve and the week that follows. */
const springFestival: Holiday = (year) => {
  const first = lunarDay(year, 1, 1, [1, 20]);
  return { from: addDays(first, -1), to: addDays(first, 6) };
};
const nationalDay = fixed(10, 1, 7);
const midAutumn: Holiday = (year) => oneDay(lunarDay(year, 8, 15, [9, 6]));
const dragonBoat: Holiday = (year) => oneDay(lunarDay(year, 5, 5, [5, 27]));
const christmas = fixed(12, 24, 2);
const newYear = fixed(1, 1);
const valentines = fixed(2, 14);
const halloween = fixed(10, 31);

export const ENGLISH_HOLIDAYS: Readonly<Record<string, Holiday>> = {
  'chinese new year': springFestival,
  'lunar new year': springFestival,
  'spring festival': springFestival,
  'mid-autumn festival': midAutumn,
  'dragon boat festival': dragonBoat,
  'national day': nationalDay,
  christmas,
  "new year's eve": fixed(12, 31),
  "new year's day": newYear,
  'new year': newYear,
  "valentine's day": valentines,
  'independence day': fixed(7, 4),
  halloween,
  thanksgiving,
};

export const CHINESE_HOLIDAYS: Readonly<Record<string, Holiday>> = {
  春节: springFestival,
  过年: springFestival,
  除夕: (year) => oneDay(addDays(lunarDay(year, 1, 1, [1, 20]), -1)),
  元宵节: (year) => oneDay(lunarDay(year, 1, 15, [2, 3])),
  元宵: (year) => oneDay(lunarDay(year, 1, 15, [2, 3])),
  端午: dragonBoat,
  七夕: (year) => oneDay(lunarDay(year, 7, 7, [7, 31])),
  中秋: midAutumn,
  国庆: nationalDay,
  十一假期: nationalDay,
  十一长假: nationalDay,
  元旦: newYear,
  五一: fixed(5, 1, 5),
  劳动节: fixed(5, 1, 5),
  妇女节: fixed(3, 8),
  儿童节: fixed(6, 1),
  六一: fixed(6, 1),
  教师节: fixed(9, 10),
  情人节: valentines,
  万圣节: halloween,
  圣诞: christmas,
  双十一: fixed(11, 11),
};
