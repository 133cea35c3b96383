// Everything the technician's pages do in the browser starts here.
import { carryToken } from "./session.js";
import { startSigningIn } from "./sign_in.js";
import { startLanguage } from "./words.js";
import { defineMerge } from "./merge.js";
import { startForms } from "./forms.js";
import { startFiles } from "./files.js";
import { startMeasuring } from "./measure.js";
import { startLiveValues } from "./live.js";
import { startSigning } from "./signing.js";
import { startTimers } from "./timers.js";
import { followEvents } from "./events.js";

if (!startLanguage()) {
  defineMerge();
  carryToken();
  startForms();
  startFiles();
  startMeasuring();
  startLiveValues();
  startSigning();
  startTimers();
  startSigningIn();
  followEvents();
}
