package backend

import (
	"context"
	"time"
)

// FreePort and StartOn let a test choose the port.
var FreePort = freePort

func StartOn(ctx context.Context, name string, port func() (int, error)) (*Server, error) {
	k, err := kindOf(name)
	if err != nil {
		return nil, err
	}
	return start(ctx, k, nil, "", port)
}

// TimeOf asks a server for its time.
func TimeOf(ctx context.Context, s *Server) (time.Time, error) {
	who, err := s.ask(ctx)
	return who.now, err
}
