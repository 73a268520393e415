// Occupations of the demo's people: common titles over the major groups of ISCO-08.
export const occupations: readonly string[] = `
  Accountant, Architect, Baker, Bank clerk, Bus driver, Carpenter, Civil engineer, Cleaner, Cook, Dentist, Doctor, Electrician,
  Farmer, Graphic designer, Hairdresser, Journalist, Kindergarten teacher, Lawyer, Librarian, Logistics manager,
  Marketing specialist, Mechanic, Nurse, Painter, Pharmacist, Photographer, Physiotherapist, Plumber, Police officer,
  Receptionist, Sales assistant, Secretary, Shop owner, Social worker, Software developer, Teacher, Translator,
  University lecturer, Waiter, Warehouse worker`
  .trim()
  .split(/,\s+/);

/** By year of birth, so that the youngest study and the oldest have retired. */
export function lifeStage(birthYear: number): 'Student' | 'Retired' | null {
  if (birthYear >= 2004) return 'Student';
  return birthYear <= 1957 ? 'Retired' : null;
}
