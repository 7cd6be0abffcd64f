-- Creates a session with a MIDI track "Notes" and a stereo track "Take". Needs no sound system.
AudioEngine:set_backend("None (Dummy)", "", "")
assert(create_session(os.getenv("SESSION"), "session", tonumber(os.getenv("RATE"))))
local midi = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
local last, normal = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
Session:new_midi_track(midi, midi, true, ARDOUR.PluginInfo(), nil, nil, 1, "Notes", last, normal, true)
Session:new_audio_track(2, 2, nil, 1, "Take", last, normal, true)
Session:save_state("", false, false, false, false, false)
io.stdout:write("all is written\n")
io.stdout:flush()
close_session()
quit()
