-- Plays the track "Notes" to a JACK client and records what it answers on the track "Take".
AudioEngine:set_backend("JACK", "ardour", "")
assert(load_session(os.getenv("SESSION"), "session"))
-- Another thread of Ardour still makes the session's own connections, and JACK's library cannot take
-- requests from two threads at once.
sleep(3)
local notes, take = Session:route_by_name("Notes"), Session:route_by_name("Take")
take:input():disconnect_all(nil)
-- connect answers 0 for success
assert(notes:output():midi(0):connect(os.getenv("MIDI")) == 0)
assert(take:input():audio(0):connect(os.getenv("LEFT")) == 0)
assert(take:input():audio(1):connect(os.getenv("RIGHT")) == 0)
-- Ardour places what it records by the latency of the master's way out.
for channel = 0, 1 do
  local out = Session:master_out():output():audio(channel)
  assert(out:connect("system:playback_" .. (channel + 1)) == 0)
end
take:rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
Session:goto_start()
sleep(1)
Session:maybe_enable_record()
Session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
sleep(tonumber(os.getenv("SECONDS")))
Session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
sleep(2)
Session:save_state("", false, false, false, false, false)
io.stdout:write("all is written\n")
io.stdout:flush()
close_session()
quit()
