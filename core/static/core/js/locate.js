/**
 * "Use my location": asked only on click. The button carries `data-locate` with the ids of the
 * fields for latitude and longitude, `data-locate-text` with the id of the place field,
 * `data-msg-here`, `data-msg-refused`; the answer goes into the `role=status` line beside it.
 */
const round = (degrees) => degrees.toFixed(3);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-locate]");
  if (!button) return;
  event.preventDefault();
  const [lat, lon] = button.dataset.locate.split(" ").map((id) => document.getElementById(id));
  const place = document.getElementById(button.dataset.locateText);
  const say = (text) => {
    const line = button.parentElement.querySelector("[role=status]");
    if (line) line.textContent = text;
  };
  if (!navigator.geolocation) return say(button.dataset.msgRefused);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      lat.value = round(coords.latitude);
      lon.value = round(coords.longitude);
      lat.disabled = lon.disabled = false;
      place.value = "";
      say(button.dataset.msgHere);
    },
    () => say(button.dataset.msgRefused),
    { maximumAge: 600000, timeout: 10000 },
  );
});
