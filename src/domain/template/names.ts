/** Names that lead out of the data to the language's own objects. Refused in templates wherever a name may stand. */
const dangerous = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

export const isDangerousName = (name: string): boolean => dangerous.has(name);
