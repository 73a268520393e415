import { areaCodeOf, type LineType } from './number-plan.js';

describe('area codes', () => {
  test.each<[string, string, LineType, string | null, string]>([
    ['US', '2125550123', 'fixed-or-mobile', '212', 'New York'],
    ['US', '9075550123', 'mobile', '907', 'a +1 mobile keeps its area'],
    ['CA', '4165550123', 'fixed-or-mobile', '416', 'Toronto'],
    ['PR', '7875550123', 'fixed-or-mobile', '787', 'Puerto Rico shares the plan'],
    ['US', '8005550199', 'toll-free', null, 'toll-free is no place'],
    ['IR', '2122334455', 'fixed', '21', 'Tehran'],
    ['IR', '9123456789', 'mobile', null, 'Iranian mobile'],
    ['TR', '2125550123', 'fixed', '212', 'Istanbul, European side'],
    ['TR', '5325550123', 'mobile', null, 'Turkish mobile'],
    ['AZ', '125550123', 'fixed', '12', 'Baku'],
    ['FI', '91234567', 'fixed', '9', 'Helsinki'],
    ['FI', '31234567', 'fixed', '3', 'Tampere'],
    ['FI', '1812345', 'fixed', '18', 'Åland'],
    ['FI', '501234567', 'mobile', null, 'Finnish mobile'],
    ['GB', '2079460123', 'fixed', '20', 'London'],
    ['GB', '2890180123', 'fixed', '28', 'Northern Ireland'],
    ['GB', '1134960123', 'fixed', '113', 'Leeds'],
    ['GB', '1614960123', 'fixed', '161', 'Manchester'],
    ['GB', '1914980123', 'fixed', '191', 'Tyneside'],
    ['GB', '1632960123', 'fixed', '1632', 'a four-digit code'],
    ['GB', '1539512345', 'fixed', '15395', 'Grange-over-Sands, split from 1539'],
    ['GB', '1946712345', 'fixed', '19467', 'Gosforth'],
    ['JE', '1534123456', 'fixed', '1534', 'Jersey is in the British plan'],
    ['GB', '7700900123', 'mobile', null, 'British mobile'],
    ['DE', '3023125123', 'fixed', '30', 'Berlin'],
    ['DE', '8999998123', 'fixed', '89', 'Munich'],
    ['DE', '2214710123', 'fixed', '221', 'Cologne'],
    ['DE', '2081234567', 'fixed', '208', 'Oberhausen'],
    ['DE', '7111234567', 'fixed', '711', 'Stuttgart'],
    ['DE', '3411234567', 'fixed', '341', 'Leipzig'],
    ['DE', '3451234567', 'fixed', '345', 'Halle'],
    ['DE', '6021123456', 'fixed', '6021', 'Aschaffenburg'],
    ['DE', '3301123456', 'fixed', '3301', 'Oranienburg'],
    ['DE', '33056123456', 'fixed', '3305', 'an East German village: the surroundings only'],
    ['RU', '4951234567', 'fixed', '495', 'Moscow'],
    ['RU', '4991234567', 'fixed', '499', 'Moscow'],
    ['RU', '8121234567', 'fixed', '812', 'Saint Petersburg'],
    ['RU', '9161234567', 'mobile', null, 'Russian mobile'],
    ['FR', '199001234', 'fixed', null, 'a plan we do not know'],
  ])('%s %s (%s) → %s: %s', (country, national, lineType, area) => {
    expect(areaCodeOf(country, national, lineType)).toBe(area);
  });

  test('a number of no country has no area', () => {
    expect(areaCodeOf(null, '80012345678', 'toll-free')).toBeNull();
  });
});
