-- Exports by freewheel what a JACK client answers to the track "Notes", heard through "Take".
AudioEngine:set_backend("JACK", "ardour", "")
assert(load_session(os.getenv("SESSION"), "session"))
-- See play.lua.
sleep(3)
local notes, take = Session:route_by_name("Notes"), Session:route_by_name("Take")
take:input():disconnect_all(nil)
-- connect answers 0 for success
assert(notes:output():midi(0):connect(os.getenv("MIDI")) == 0)
assert(notes:output():midi(0):connect(os.getenv("EAR")) == 0)
assert(take:input():audio(0):connect(os.getenv("LEFT")) == 0)
assert(take:input():audio(1):connect(os.getenv("RIGHT")) == 0)
-- What is exported is the master; whether Ardour has connected it to a track by itself is luck.
for channel = 0, 1 do
  local out, master = take:output():audio(channel), Session:master_out():input():audio(channel):name()
  assert(out:connected_to(master) or out:connect(master) == 0)
end
local MONITOR_INPUT = 1
take:to_track():monitoring_control():set_value(MONITOR_INPUT, PBD.GroupControlDisposition.NoGroup)
sleep(1)
local export = Session:simple_export()
export:set_name("export")
export:set_folder(os.getenv("SESSION") .. "/export")
export:set_range(0, tonumber(os.getenv("FRAMES")))
assert(export:set_preset("75969a1c-3133-4694-864b-a1fa50e43348")) -- WAV, 16 bits, dithered
assert(export:run_export())
io.stdout:write("all is written\n")
io.stdout:flush()
close_session()
quit()
