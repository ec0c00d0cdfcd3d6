package site

func (s *site) changeFiles() []file { return nil }
