// A ring is heard at every desk until one takes it: two tones for danger, a soft one for help. No file is needed.
(() => {
  let sound = null;
  let next = 0;
  const tone = (frequency, at, length, volume) => {
    const oscillator = sound.createOscillator();
    const gain = sound.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(volume, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    oscillator.connect(gain).connect(sound.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
  };
  const ring = () => {
    const rings = document.getElementById("rings");
    const alarm = rings ? rings.dataset.alarm : undefined;
    document.documentElement.classList.toggle("alarm", alarm === "danger");
    if (!alarm || Date.now() < next) return;
    next = Date.now() + (alarm === "danger" ? 1500 : 6000);
    sound ??= new AudioContext();
    // A browser that has not been touched yet makes no sound; the red line is there all the same.
    if (sound.state === "suspended") sound.resume().catch(() => {});
    const now = sound.currentTime;
    if (alarm === "danger") [880, 660, 880, 660].forEach((frequency, place) => tone(frequency, now + place * 0.3, 0.28, 0.5));
    else [523, 659].forEach((frequency, place) => tone(frequency, now + place * 0.25, 0.4, 0.25));
  };
  setInterval(ring, 500);
})();
