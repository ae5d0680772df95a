// Answers read aloud by the browser, with voices of the device alone: others would send
// the words to somebody else's servers.
import { languageOf } from "./pieces.js";

const speech = window.speechSynthesis;
let voices = [];
let button = null;

function voiceOf(wanted) {
  return voices.find(({ lang, localService }) => localService && lang.toLowerCase().startsWith(wanted));
}

export const canReadAloud = (language) => Boolean(speech && voiceOf(language));

export function onVoices(then) {
  if (!speech) return;
  const look = () => {
    voices = speech.getVoices();
    then();
  };
  speech.addEventListener("voiceschanged", look);
  look();
}

export function readAloud(pressed, text) {
  const isSame = button === pressed;
  hush();
  if (isSame) return;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voiceOf(languageOf(text));
  utterance.lang = utterance.voice.lang;
  utterance.onend = utterance.onerror = hush;
  button = pressed;
  button.setAttribute("aria-pressed", "true");
  speech.speak(utterance);
}

export function hush() {
  button?.setAttribute("aria-pressed", "false");
  button = null;
  speech?.cancel();
}
