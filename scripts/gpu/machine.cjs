'use strict';
// What the machine of a report was; missing tools are told, not refused.
const { examine } = require('../../lib/native/doctor.js');

for (const { name, state, detail } of examine())
  console.log(`${name}: ${state === 'ok' ? '' : `${state}, `}${detail}`);
